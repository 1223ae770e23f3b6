import { expect, it } from 'vitest'
import { readInstalled } from './debian-packages.ts'

it('a package that was removed and left its settings is not installed', () => {
  const status = [
    'Package: etcd-server\nStatus: install ok installed\nVersion: 3.4',
    'Package: patroni\nStatus: deinstall ok config-files\nVersion: 3.0',
    'Package: haproxy\nStatus: hold ok installed',
  ].join('\n\n')
  expect([...readInstalled(status)]).toEqual(['etcd-server', 'haproxy'])
})
