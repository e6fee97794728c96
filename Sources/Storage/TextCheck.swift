/// Says whether bytes are UTF-8, and whether text was lost in them before.
enum TextCheck {
    enum Finding { case good, invalid, replaced }

    static func check(_ bytes: UnsafeRawBufferPointer) -> Finding {
        guard !isASCII(bytes) else { return .good }
        var wasReplaced = false
        var position = 0
        while position < bytes.count {
            let byte = bytes[position]
            if byte < 0x80 {
                position += 1
                continue
            }
            let length = sequenceLength(bytes, at: position)
            guard length > 0 else { return .invalid }
            if byte == 0xEF, bytes[position + 1] == 0xBF, bytes[position + 2] == 0xBD { wasReplaced = true }
            position += length
        }
        return wasReplaced ? .replaced : .good
    }

    private static func isASCII(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var position = 0
        var seen: UInt64 = 0
        while position &+ 8 <= bytes.count {
            seen |= bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
            position &+= 8
        }
        while position < bytes.count {
            seen |= UInt64(bytes[position])
            position &+= 1
        }
        return seen & 0x8080_8080_8080_8080 == 0
    }

    /// Bytes of the well-formed sequence that begins here, 0 if it is not well formed (Unicode 15, table 3-7).
    private static func sequenceLength(_ bytes: UnsafeRawBufferPointer, at position: Int) -> Int {
        let lead = bytes[position]
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch lead {
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF:
            length = 3
            if lead == 0xE0 { second = 0xA0...0xBF }
            if lead == 0xED { second = 0x80...0x9F }
        case 0xF0...0xF4:
            length = 4
            if lead == 0xF0 { second = 0x90...0xBF }
            if lead == 0xF4 { second = 0x80...0x8F }
        default: return 0
        }
        guard position + length <= bytes.count, second.contains(bytes[position + 1]) else { return 0 }
        for offset in 2..<max(2, length) where bytes[position + offset] & 0xC0 != 0x80 { return 0 }
        return length
    }
}

extension UnsafeRawBufferPointer {
    /// Without a carriage return at the end.
    var withoutReturn: UnsafeRawBufferPointer {
        last == 0x0D ? UnsafeRawBufferPointer(rebasing: dropLast()) : self
    }

    /// Without blanks and tabs around it.
    var withoutBlanks: UnsafeRawBufferPointer {
        var low = 0
        var high = count
        while low < high, self[low] == 0x20 || self[low] == 0x09 { low += 1 }
        while low < high, self[high - 1] == 0x20 || self[high - 1] == 0x09 { high -= 1 }
        return UnsafeRawBufferPointer(rebasing: self[low..<high])
    }
}
