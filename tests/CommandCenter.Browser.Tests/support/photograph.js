import { deflateSync } from 'node:zlib'

const table = Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1
  return n >>> 0
})

function chunk(type, data) {
  const bytes = Buffer.concat([Buffer.from(type, 'ascii'), data])
  let sum = 0xffffffff
  for (const byte of bytes) sum = table[(sum ^ byte) & 0xff] ^ (sum >>> 8)
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(data.length, 0)
  frame.writeUInt32BE((sum ^ 0xffffffff) >>> 0, 4)
  return Buffer.concat([frame.subarray(0, 4), bytes, frame.subarray(4)])
}

/** A small picture of a river between its banks, as PNG; another hue is another file. */
export function photograph({ width = 64, height = 48, water = [70, 96, 60] } = {}) {
  const rows = Buffer.alloc(height * (1 + width * 3))
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const isWater = Math.abs(x - width / 2 - (height / 2 - y) / 4) < 6 + (y * width) / 160
      const ripple = isWater && (x + 3 * y) % 11 < 2 ? 24 : 0
      const colour = y < height / 4 ? [176, 196, 214] : isWater ? water : [104, 132, 72]
      for (let i = 0; i < 3; i++) rows[y * (1 + width * 3) + 1 + x * 3 + i] = colour[i] + ripple
    }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2], 8)
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))])
}
