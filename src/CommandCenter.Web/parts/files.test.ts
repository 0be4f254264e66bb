import { describe, expect, it } from 'vitest'
import { acceptedFiles, faultOf, kindOf, sizeOf } from './files'

const mebibyte = 1024 * 1024

describe('A file on the device', () => {
  it('is known by its extension, in any case', () => {
    expect(kindOf('合同.PDF')).toBe('document')
    expect(kindOf('名单.xlsx')).toBe('sheet')
    expect(kindOf('archive.tar.gz')).toBeUndefined()
    expect(kindOf('README')).toBeUndefined()
    expect(acceptedFiles.split(',')).toContain('.mov')
  })

  it('is refused before it is sent where the host would refuse it anyway', () => {
    expect(faultOf({ name: '合同.pdf', size: 30 * mebibyte })).toBeUndefined()
    expect(faultOf({ name: '合同.pdf', size: 30 * mebibyte + 1 })).toEqual({ reason: 'tooLarge', longest: 30 * mebibyte })
    expect(faultOf({ name: '旧合同.doc', size: 1 })).toEqual({ reason: 'unknown' })
    expect(faultOf({ name: '空.txt', size: 0 })).toEqual({ reason: 'empty' })
    expect(faultOf({ name: `${'长'.repeat(147)}.pdf`, size: 1 })).toEqual({ reason: 'name' })
  })

  it('has a size that people read', () => {
    expect([1, 2048, 1_500_000, 104_857_600].map((bytes) => Object.values(sizeOf(bytes)).join(' '))).toEqual(['1 KB', '2 KB', '1.4 MB', '100 MB'])
  })
})
