/// Writes the compact little-endian form of summaries and profiles.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    init(version: UInt8) { bytes.append(version) }

    mutating func write(_ byte: UInt8) { bytes.append(byte) }

    /// LEB128: seven bits a byte, small numbers in one byte.
    mutating func write(unsigned value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// A count; never negative.
    mutating func write(count: Int64) { write(unsigned: UInt64(bitPattern: count)) }

    /// Zigzag, so that small negative numbers are short too.
    mutating func write(signed value: Int64) {
        write(unsigned: UInt64(bitPattern: (value << 1) ^ (value >> 63)))
    }

    mutating func write(_ value: Int128) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func write(_ value: Double) {
        withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func write(_ value: Double?) {
        write(UInt8(value == nil ? 0 : 1))
        if let value { write(value) }
    }

    mutating func write(_ text: String) {
        write(unsigned: UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    mutating func write(counts: [Int64]) {
        write(unsigned: UInt64(counts.count))
        for count in counts { write(count: count) }
    }

    mutating func write(_ values: [Double]) {
        write(unsigned: UInt64(values.count))
        for value in values { write(value) }
    }

    /// Closes with a checksum over everything written.
    consuming func sealed() -> [UInt8] {
        let checksum = ByteHash.hash(bytes)
        withUnsafeBytes(of: checksum.littleEndian) { bytes.append(contentsOf: $0) }
        return bytes
    }
}
