import Storage

/// What the text of a table's cell stands for. The spellings are those that Learning's tables know, so that a file means the
/// same as training data and as a stream.
enum CSVCell {
    /// One of `MissingText`.
    case missing
    case boolean(Bool)
    /// A number that is written as JSON writes it.
    case json(UnsafeRawBufferPointer)
    /// A number in another form: `+1`, `.5`, `007`, `1e5`.
    case number(Double)
    case text(UnsafeRawBufferPointer)

    init(_ cell: UnsafeRawBufferPointer) {
        let text = Self.trimmed(cell)
        if MissingText.matches(text) {
            self = .missing
        } else if Self.isPlainNumber(text) {
            self = .json(text)
        } else if let number = Self.number(text) {
            self = .number(number)
        } else if let boolean = Self.boolean(text) {
            self = .boolean(boolean)
        } else {
            self = .text(cell)
        }
    }

    /// The number that the cell is, if it is one.
    var number: Double? {
        switch self {
        case .json(let text): Double(String(decoding: text, as: UTF8.self))
        case .number(let number): number
        default: nil
        }
    }

    static func trimmed(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var low = 0
        var high = bytes.count
        while low < high, bytes[low] == 0x20 || bytes[low] == 0x09 { low += 1 }
        while low < high, bytes[high - 1] == 0x20 || bytes[high - 1] == 0x09 { high -= 1 }
        return UnsafeRawBufferPointer(rebasing: bytes[low..<high])
    }

    private static func boolean(_ text: UnsafeRawBufferPointer) -> Bool? {
        if text.count == 4, text.elementsEqual("true".utf8, by: { $0 | 0x20 == $1 }) { return true }
        if text.count == 5, text.elementsEqual("false".utf8, by: { $0 | 0x20 == $1 }) { return false }
        return nil
    }

    /// Digits as JSON has them, without an exponent, and few enough to be within a double's range.
    private static func isPlainNumber(_ text: UnsafeRawBufferPointer) -> Bool {
        var position = 0
        if text[0] == UInt8(ascii: "-") { position = 1 }
        let whole = digits(text, from: position)
        guard whole > 0, whole < 300, whole == 1 || text[position] != UInt8(ascii: "0") else { return false }
        position += whole
        guard position < text.count else { return true }
        guard text[position] == UInt8(ascii: ".") else { return false }
        let fraction = digits(text, from: position + 1)
        return fraction > 0 && position + 1 + fraction == text.count
    }

    private static func digits(_ text: UnsafeRawBufferPointer, from start: Int) -> Int {
        var position = start
        while position < text.count, text[position] &- 0x30 <= 9 { position += 1 }
        return position - start
    }

    private static func number(_ text: UnsafeRawBufferPointer) -> Double? {
        let isNumeric = text.allSatisfy { byte in
            byte &- 0x30 <= 9 || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
                || byte | 0x20 == UInt8(ascii: "e")
        }
        guard isNumeric, let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite else { return nil }
        return value
    }
}

extension JSONWriter {
    /// A cell as the JSON value that it stands for.
    mutating func value(of cell: CSVCell) {
        switch cell {
        case .missing: null()
        case .boolean(let flag): boolean(flag)
        case .json(let text): raw(json: text)
        case .number(let value): number(value)
        case .text(let text): string(utf8: text)
        }
    }
}
