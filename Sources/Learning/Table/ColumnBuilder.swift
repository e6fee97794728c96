import Storage

/// Grows one column cell by cell and finds its kind on the way.
///
/// The first cell that is not missing proposes a kind. If a later one does not fit, the column is categorical, but the
/// texts of its earlier cells are gone: it is then `isConflicting` and is read again with `isCategorical: true`.
/// Text columns show themselves in their first cell, so that a second reading is rare.
struct ColumnBuilder {
    private enum Mode { case undecided, numeric, boolean, categorical, conflicting }

    let name: String
    private(set) var count = 0
    private var mode: Mode
    private var numbers: [Double] = []
    private var flags: [Int8] = []
    private var codes: [Int32] = []
    private var interner = CategoryInterner()

    /// - Parameter missing: how many rows went by before the column first appeared.
    init(name: String, isCategorical: Bool, missing: Int) {
        self.name = name
        mode = isCategorical ? .categorical : .undecided
        count = missing
        if isCategorical { codes = Array(repeating: -1, count: missing) }
    }

    var isConflicting: Bool { mode == .conflicting }

    /// A cell of a CSV file: its kind is to be guessed from its text.
    mutating func append(cell: UnsafeRawBufferPointer) {
        if mode == .categorical {
            codes.append(MissingText.matches(NumberText.trimmed(cell)) ? -1 : interner.code(of: cell))
            count &+= 1
            return
        }
        let text = NumberText.trimmed(cell)
        if let number = NumberText.number(text) {
            append(number: number)
        } else if MissingText.matches(text) {
            appendMissing()
        } else if let flag = CellText.boolean(text) {
            append(boolean: flag)
        } else {
            append(category: cell)
        }
    }

    mutating func append(number: Double) {
        if mode == .undecided { decide(.numeric) }
        switch mode {
        case .numeric: numbers.append(number)
        case .categorical: codes.append(intern(NumberText.text(of: number)))
        default: mode = .conflicting
        }
        count &+= 1
    }

    mutating func append(boolean: Bool) {
        if mode == .undecided { decide(.boolean) }
        switch mode {
        case .boolean: flags.append(boolean ? 1 : 0)
        case .categorical: codes.append(intern(boolean ? "true" : "false"))
        default: mode = .conflicting
        }
        count &+= 1
    }

    /// A text that is a category even if it looks like a number (a JSON string).
    mutating func append(category: UnsafeRawBufferPointer) {
        if mode == .undecided { decide(.categorical) }
        switch mode {
        case .categorical: codes.append(interner.code(of: category))
        default: mode = .conflicting
        }
        count &+= 1
    }

    mutating func appendMissing() {
        switch mode {
        case .numeric: numbers.append(.nan)
        case .boolean: flags.append(-1)
        case .categorical: codes.append(-1)
        case .undecided, .conflicting: break
        }
        count &+= 1
    }

    /// The finished column; one without any value is numeric.
    func column() -> TableColumn {
        precondition(!isConflicting, "a conflicting column must be read again")
        switch mode {
        case .boolean: return TableColumn(name: name, values: .boolean(flags))
        case .categorical:
            return TableColumn(name: name, values: .categorical(codes: codes, categories: interner.categories))
        case .numeric, .conflicting: return TableColumn(name: name, values: .numeric(numbers))
        case .undecided:
            return TableColumn(name: name, values: .numeric(Array(repeating: .nan, count: count)))
        }
    }

    private mutating func decide(_ kind: Mode) {
        mode = kind
        switch kind {
        case .numeric: numbers = Array(repeating: .nan, count: count)
        case .boolean: flags = Array(repeating: -1, count: count)
        default: codes = Array(repeating: -1, count: count)
        }
    }

    private mutating func intern(_ text: String) -> Int32 {
        var text = text
        return text.withUTF8 { interner.code(of: UnsafeRawBufferPointer($0)) }
    }
}

/// The texts with a meaning of their own.
enum CellText {
    /// `true` and `false` in any case.
    static func boolean(_ text: UnsafeRawBufferPointer) -> Bool? {
        if text.count == 4, text.elementsEqual("true".utf8, by: { $0 | 0x20 == $1 }) { return true }
        if text.count == 5, text.elementsEqual("false".utf8, by: { $0 | 0x20 == $1 }) { return false }
        return nil
    }
}
