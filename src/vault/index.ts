export type {
  BlockId,
  Comment,
  Fence,
  FrontMatter,
  Heading,
  Link,
  LinkKind,
  Page,
  Stretch,
} from './page/page.ts'
export { PAGE_LIMITS, readPage } from './page/read-page.ts'
