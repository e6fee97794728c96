/// Writes fixed-width little-endian numbers and length-prefixed bytes.
package struct BinaryWriter {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package mutating func write<Number: FixedWidthInteger>(_ number: Number) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    package mutating func write(bytes other: [UInt8]) {
        write(UInt32(other.count))
        bytes.append(contentsOf: other)
    }

    /// Bytes without their length: what was written elsewhere.
    package mutating func write(raw other: [UInt8]) { bytes.append(contentsOf: other) }

    /// What `body` writes, after its length.
    package mutating func write(bytesBy body: (inout BinaryWriter) -> Void) {
        let start = bytes.count
        write(UInt32(0))
        body(&self)
        let length = UInt32(bytes.count - start - 4).littleEndian
        withUnsafeBytes(of: length) { bytes.replaceSubrange(start..<start + 4, with: $0) }
    }

    package mutating func write(_ text: String) {
        write(bytes: Array(text.utf8))
    }

    package mutating func write(_ texts: [String]) {
        write(UInt32(texts.count))
        for text in texts { write(text) }
    }
}

/// Reads what ``BinaryWriter`` wrote. Throws on damage; never traps and never allocates more than the bytes can hold.
package struct BinaryReader {
    /// The bytes end early, or say something impossible.
    package struct Damage: Error, CustomStringConvertible {
        package let offset: Int
        package let message: String

        package init(at offset: Int, _ message: String) {
            self.offset = offset
            self.message = message
        }

        package var description: String { "\(message) (at byte \(offset))" }
    }

    private let bytes: [UInt8]
    private var position = 0

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Whether nothing is left: what a later format appends is then absent.
    package var isAtEnd: Bool { position == bytes.count }

    package mutating func read<Number: FixedWidthInteger>() throws -> Number {
        let size = MemoryLayout<Number>.size
        guard bytes.count - position >= size else { throw Damage(at: position, "the data ends early") }
        let number = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: position, as: Number.self) }
        position += size
        return Number(littleEndian: number)
    }

    package mutating func readBytes() throws -> [UInt8] {
        let count: UInt32 = try read()
        guard bytes.count - position >= Int(count) else { throw Damage(at: position, "the data ends early") }
        defer { position += Int(count) }
        return Array(bytes[position..<position + Int(count)])
    }

    package mutating func readString() throws -> String {
        String(decoding: try readBytes(), as: UTF8.self)
    }

    package mutating func readStrings() throws -> [String] {
        try readArray { try $0.readString() }
    }

    /// Reads a count and that many elements.
    package mutating func readArray<Element>(_ element: (inout BinaryReader) throws -> Element) throws -> [Element] {
        let count: UInt32 = try read()
        var elements: [Element] = []
        for _ in 0..<count { elements.append(try element(&self)) }
        return elements
    }
}
