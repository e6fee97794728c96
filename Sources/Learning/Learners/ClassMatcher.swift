/// Finds the class of a label whatever form it has: `1`, `1.0`, `true` of a boolean column, or text.
struct ClassMatcher {
    /// No label in the cell.
    static let missing = -1
    /// A label that is none of the classes.
    static let unknown = -2

    private var indexOfLabel: [String: Int] = [:]

    init(classes: [String]) {
        for (index, label) in classes.enumerated() where indexOfLabel[NumberText.canonical(label)] == nil {
            indexOfLabel[NumberText.canonical(label)] = index
        }
    }

    func index(of label: String) -> Int { indexOfLabel[NumberText.canonical(label)] ?? Self.unknown }

    /// Per row the index of its class, `missing` or `unknown`.
    func indices(of column: TableColumn) -> [Int] {
        switch column.values {
        case .categorical(let codes, let categories):
            let known = categories.map { index(of: $0) }
            return codes.map { $0 < 0 ? Self.missing : known[Int($0)] }
        case .boolean(let flags):
            // A boolean label may be spelt as text or as 0 and 1.
            let known = [("false", "0"), ("true", "1")].map { text, number in
                index(of: text) >= 0 ? index(of: text) : index(of: number)
            }
            return flags.map { $0 < 0 ? Self.missing : known[Int($0)] }
        case .numeric(let numbers):
            var known: [Double: Int] = [:]
            return numbers.map { number in
                if number.isNaN { return Self.missing }
                if let index = known[number] { return index }
                let index = index(of: NumberText.text(of: number))
                if known.count < 10_000 { known[number] = index }
                return index
            }
        }
    }
}
