/// Numbers as the text of a cell: the one place that says which texts are numbers and how a number is written.
enum NumberText {
    /// 10^0 … 10^22, the powers of ten that a double holds exactly.
    private static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]

    /// Reads a decimal number or an infinity, correctly rounded; `nil` for any other text (hexadecimal and NaN too).
    ///
    /// Up to 2^53 in the digits and 22 in the exponent, one multiplication or division of exact doubles is correctly
    /// rounded (Clinger 1990, "How to read floating point numbers accurately"); the rest goes to the standard library.
    static func number(_ bytes: UnsafeRawBufferPointer) -> Double? {
        var position = 0
        let end = bytes.count
        guard end > 0 else { return nil }
        let isNegative = bytes[0] == UInt8(ascii: "-")
        if isNegative || bytes[0] == UInt8(ascii: "+") { position = 1 }
        var mantissa: UInt64 = 0
        var digits = 0
        var exponent = 0
        var significant = 0
        var hasPoint = false
        while position < end {
            let byte = bytes[position]
            let digit = byte &- UInt8(ascii: "0")
            if digit <= 9 {
                if significant < 19 {
                    mantissa = mantissa &* 10 &+ UInt64(digit)
                    if mantissa != 0 { significant &+= 1 }
                } else {
                    significant &+= 1
                }
                digits &+= 1
                if hasPoint { exponent &-= 1 }
            } else if byte == UInt8(ascii: "."), !hasPoint {
                hasPoint = true
            } else {
                break
            }
            position &+= 1
        }
        guard digits > 0 else { return infinity(bytes, from: position, isNegative: isNegative) }
        if position < end {
            guard let written = exponentValue(bytes, from: position) else { return nil }
            exponent += written
        }
        if mantissa <= 1 << 53, significant <= 19, exponent >= -22, exponent <= 22 {
            let magnitude = Double(mantissa)
            let value =
                exponent < 0 ? magnitude / powersOfTen[-exponent] : magnitude * powersOfTen[exponent]
            return isNegative ? -value : value
        }
        return Double(String(decoding: bytes, as: UTF8.self))
    }

    static func number(_ text: String) -> Double? {
        var text = text
        return text.withUTF8 { number(trimmed(UnsafeRawBufferPointer($0))) }
    }

    /// Shortest text that reads back to the same double; whole numbers below 10^15 without a fraction.
    static func text(of value: Double) -> String {
        if value.magnitude < 1e15, value == value.rounded() { return String(Int64(value)) }
        return value.description
    }

    /// `1.0`, `1` and `1e0` are one label: numbers are rewritten in their one form, other text stays as it is.
    static func canonical(_ text: String) -> String {
        guard let value = number(text) else { return text }
        return NumberText.text(of: value)
    }

    /// Without blanks and tabs around it.
    static func trimmed(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var low = 0
        var high = bytes.count
        while low < high, isBlank(bytes[low]) { low &+= 1 }
        while low < high, isBlank(bytes[high &- 1]) { high &-= 1 }
        return UnsafeRawBufferPointer(rebasing: bytes[low..<high])
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    /// The number after `e` or `E`, if the text from `position` is exactly that; beyond ±9,999 it makes no difference.
    private static func exponentValue(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard bytes[start] | 0x20 == UInt8(ascii: "e") else { return nil }
        var position = start + 1
        var isNegative = false
        if position < bytes.count, bytes[position] == UInt8(ascii: "-") || bytes[position] == UInt8(ascii: "+") {
            isNegative = bytes[position] == UInt8(ascii: "-")
            position += 1
        }
        guard position < bytes.count else { return nil }
        var value = 0
        while position < bytes.count {
            let digit = bytes[position] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            value = min(value * 10 + Int(digit), 9_999)
            position += 1
        }
        return isNegative ? -value : value
    }

    private static func infinity(_ bytes: UnsafeRawBufferPointer, from start: Int, isNegative: Bool) -> Double? {
        let rest = bytes[start...]
        let isInfinity =
            rest.elementsEqual("inf".utf8) { $0 | 0x20 == $1 }
            || rest.elementsEqual("infinity".utf8) { $0 | 0x20 == $1 }
        return isInfinity ? (isNegative ? -.infinity : .infinity) : nil
    }
}
