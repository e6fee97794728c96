/// A JSON document with its keys in the order given, for files that people read.
indirect enum JSONText {
    case text(String)
    case integer(Int64)
    case number(Double)
    case boolean(Bool)
    case null
    case list([JSONText])
    case object([(key: String, value: JSONText)])

    /// Two spaces to a level; short lists and objects of single values on one line.
    func written(indent: String = "") -> String {
        switch self {
        case .text(let text): return Self.quoted(text)
        case .integer(let integer): return String(integer)
        case .number(let number): return Int64(exactly: number).map(String.init) ?? "\(number)"
        case .boolean(let flag): return flag ? "true" : "false"
        case .null: return "null"
        case .list(let items):
            let line = "[" + items.map { $0.written() }.joined(separator: ", ") + "]"
            if items.allSatisfy(\.isSingle), indent.count + line.count < 100 { return line }
            let deeper = indent + "  "
            return "[\n" + items.map { deeper + $0.written(indent: deeper) }.joined(separator: ",\n") + "\n\(indent)]"
        case .object(let entries):
            if entries.isEmpty { return "{}" }
            let deeper = indent + "  "
            let lines = entries.map { "\(deeper)\(Self.quoted($0.key)): \($0.value.written(indent: deeper))" }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
        }
    }

    private var isSingle: Bool {
        switch self {
        case .list, .object: false
        default: true
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            default:
                if scalar.value < 0x20 {
                    let digits = String(scalar.value, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }
}
