/// Universal Binary JSON (draft 12) as XGBoost writes models in it: all numbers big-endian, lengths as `L` and 8 bytes, and
/// arrays with their count in front.
enum BinaryJSON {
    case object([String: BinaryJSON])
    case array([BinaryJSON])
    case integers([Int])
    case floats([Float])
    case text(String)
    case integer(Int)
    case float(Double)
    case null

    /// `nil` for bytes that are anything else, or nested more than 64 deep.
    static func read(_ bytes: [UInt8]) -> BinaryJSON? {
        bytes.withUnsafeBytes { bytes in
            var reader = BinaryJSONReader(bytes: bytes)
            return reader.value(depth: 0)
        }
    }

    subscript(key: String) -> BinaryJSON? {
        if case .object(let members) = self { members[key] } else { nil }
    }

    var text: String? { if case .text(let text) = self { text } else { nil } }

    /// The whole numbers of an array, of one type or each with its own.
    var integers: [Int]? {
        switch self {
        case .integers(let numbers): return numbers
        case .array(let values):
            let numbers = values.compactMap { value -> Int? in
                if case .integer(let number) = value { number } else { nil }
            }
            return numbers.count == values.count ? numbers : nil
        default: return nil
        }
    }

    var floats: [Float]? { if case .floats(let numbers) = self { numbers } else { nil } }
}

private struct BinaryJSONReader {
    let bytes: UnsafeRawBufferPointer
    var position = 0

    mutating func value(depth: Int) -> BinaryJSON? {
        guard depth < 64, let marker = byte() else { return nil }
        switch marker {
        case UInt8(ascii: "{"): return object(depth: depth)
        case UInt8(ascii: "["): return array(depth: depth)
        case UInt8(ascii: "S"): return string().map { .text($0) }
        case UInt8(ascii: "Z"): return .null
        case UInt8(ascii: "T"): return .integer(1)
        case UInt8(ascii: "F"): return .integer(0)
        case UInt8(ascii: "d"): return (number() as UInt32?).map { .float(Double(Float(bitPattern: $0))) }
        case UInt8(ascii: "D"): return (number() as UInt64?).map { .float(Double(bitPattern: $0)) }
        default: return integer(marker).map { .integer($0) }
        }
    }

    private mutating func object(depth: Int) -> BinaryJSON? {
        var members: [String: BinaryJSON] = [:]
        while position < bytes.count {
            if bytes[position] == UInt8(ascii: "}") {
                position += 1
                return .object(members)
            }
            guard let key = string(), let value = value(depth: depth + 1) else { return nil }
            members[key] = value
        }
        return nil
    }

    private mutating func array(depth: Int) -> BinaryJSON? {
        var type: UInt8?
        if next(is: "$") { type = byte() }
        guard next(is: "#"), let count = length() else { return nil }
        guard let type else {
            // Each value takes a byte at least, so that a wrong count cannot ask for much memory.
            guard count <= bytes.count - position else { return nil }
            var values: [BinaryJSON] = []
            for _ in 0..<count {
                guard let value = value(depth: depth + 1) else { return nil }
                values.append(value)
            }
            return .array(values)
        }
        guard count <= bytes.count - position else { return nil }
        if type == UInt8(ascii: "d") {
            var numbers: [Float] = []
            numbers.reserveCapacity(count)
            for _ in 0..<count {
                guard let bits = number() as UInt32? else { return nil }
                numbers.append(Float(bitPattern: bits))
            }
            return .floats(numbers)
        }
        var numbers: [Int] = []
        numbers.reserveCapacity(count)
        for _ in 0..<count {
            guard let number = integer(type) else { return nil }
            numbers.append(number)
        }
        return .integers(numbers)
    }

    private mutating func integer(_ type: UInt8) -> Int? {
        switch type {
        case UInt8(ascii: "i"): (number() as UInt8?).map { Int(Int8(bitPattern: $0)) }
        case UInt8(ascii: "U"): (number() as UInt8?).map { Int($0) }
        case UInt8(ascii: "I"): (number() as UInt16?).map { Int(Int16(bitPattern: $0)) }
        case UInt8(ascii: "l"): (number() as UInt32?).map { Int(Int32(bitPattern: $0)) }
        case UInt8(ascii: "L"): (number() as UInt64?).map { Int(Int64(bitPattern: $0)) }
        default: nil
        }
    }

    private mutating func length() -> Int? {
        guard next(is: "L"), let length = integer(UInt8(ascii: "L")), length >= 0 else { return nil }
        return length
    }

    private mutating func string() -> String? {
        guard let length = length(), length <= bytes.count - position else { return nil }
        defer { position += length }
        return String(decoding: bytes[position..<(position + length)], as: UTF8.self)
    }

    private mutating func next(is character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func byte() -> UInt8? { number() }

    private mutating func number<Number: FixedWidthInteger>() -> Number? {
        let size = MemoryLayout<Number>.size
        guard size <= bytes.count - position else { return nil }
        defer { position += size }
        return Number(bigEndian: bytes.loadUnaligned(fromByteOffset: position, as: Number.self))
    }
}
