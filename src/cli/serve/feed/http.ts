import { type Ask, NO_ANSWER, nameOf, whyNot } from './ask.ts'
import type { FeedOf } from './settings.ts'
import type { FeedSight } from './sight.ts'

/** The health endpoint of each instance: 2xx is well. That one cannot be reached is its failure, not ours. */
export async function lookAtHttp({ urls }: FeedOf<'http'>, ask: Ask): Promise<FeedSight> {
  const looks = await Promise.all(
    urls.map(async (url) => {
      try {
        const { status } = await ask(url)
        return { name: nameOf(url), isWell: status < 300, says: String(status) }
      } catch (error) {
        return { name: nameOf(url), isWell: false, says: whyNot(error) }
      }
    }),
  )
  const well = looks.filter(({ isWell }) => isWell).length
  return {
    mode: looks.some(({ says }) => says === NO_ANSWER) ? 'hang' : 'crash',
    state: well === 0 ? 'down' : well < looks.length ? 'trouble' : 'fine',
    says: `${well} of ${looks.length} answer well`,
    members: looks.map(({ name, says }) => ({ name, says })),
  }
}
