export type { KnownComponent } from './check/check-runbooks.ts'
export { type CheckOptions, checkVault } from './check/check-vault.ts'
export type { VaultFinding, VaultFindingKind } from './check/finding.ts'
export { type Backlink, findBacklinks } from './links/backlinks.ts'
export { type Resolution, resolveLink } from './links/resolve-link.ts'
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
export { type EditedPage, editRegions, type RegionWriters } from './regions/edit-regions.ts'
export { readSettings, SETTINGS_FILE, type VaultSettings } from './settings.ts'
export { buildVault, updateVault, type Vault, type VaultFiles } from './vault.ts'
