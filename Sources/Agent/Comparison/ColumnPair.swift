import Learning
import Statistics

/// One column as both tables have it, brought to one kind.
struct ColumnPair {
    var name: String
    var kind: ColumnKind
    var reference: ColumnSide
    var current: ColumnSide
}

/// The values of one column of one table, in the kind of the pair.
enum ColumnSide {
    /// NaN is missing, ±∞ invalid.
    case numeric([Double])
    /// Codes into the categories, −1 missing; a boolean column has the categories `false` and `true`.
    case categories(codes: [Int32], names: [String])

    var rows: Int {
        switch self {
        case .numeric(let values): values.count
        case .categories(let codes, _): codes.count
        }
    }

    /// Values that are neither missing nor infinite.
    var present: Int {
        switch self {
        case .numeric(let values): values.count(where: \.isFinite)
        case .categories(let codes, _): codes.count { $0 >= 0 }
        }
    }

    var missing: Int {
        switch self {
        case .numeric(let values): values.count(where: \.isNaN)
        case .categories(let codes, _): codes.count { $0 < 0 }
        }
    }

    /// Infinite values.
    var invalid: Int { rows - present - missing }

    /// How often each category occurs; those that do not are left out. Empty for numbers.
    var occurrences: [String: Int] {
        guard case .categories(let codes, let names) = self else { return [:] }
        var counts = [Int](repeating: 0, count: names.count)
        for code in codes where code >= 0 { counts[Int(code)] += 1 }
        return zip(names, counts).reduce(into: [:]) { if $1.1 > 0 { $0[$1.0] = $1.1 } }
    }

    var missingShare: Double? { rows == 0 ? nil : Double(missing) / Double(rows) }
}

extension TableColumn {
    var side: ColumnSide {
        switch values {
        case .numeric(let values): .numeric(values)
        case .categorical(let codes, let categories): .categories(codes: codes, names: categories)
        case .boolean(let values): .categories(codes: values.map(Int32.init), names: ["false", "true"])
        }
    }

    /// The same number of missing values in the other kind; for a column without a single value, whose kind was guessed.
    fileprivate func asMissing(_ kind: ColumnKind) -> ColumnSide {
        kind == .numeric
            ? .numeric(Array(repeating: .nan, count: count))
            : .categories(codes: Array(repeating: -1, count: count), names: [])
    }
}

extension ColumnPair {
    /// Both columns in one kind, or `nil` when their kinds disagree. A side without any value takes the other's kind.
    init?(reference: TableColumn, current: TableColumn) {
        self.name = reference.name
        self.kind = reference.kind
        self.reference = reference.side
        self.current = current.side
        guard reference.kind != current.kind else { return }
        if self.current.present == 0 {
            self.current = current.asMissing(reference.kind)
        } else if self.reference.present == 0 {
            self.kind = current.kind
            self.reference = reference.asMissing(current.kind)
        } else {
            return nil
        }
    }
}

extension ColumnPair {
    /// `numeric in the reference, categorical in the current table: 'unknown', row 51`.
    static func disagreement(_ reference: TableColumn, _ current: TableColumn) -> String {
        let kinds = "\(reference.kind.rawValue) in the reference, \(current.kind.rawValue) in the current table"
        // Text is what spoils a column of numbers, on whichever side it stands.
        let spoilt = [reference, current].filter { $0.kind == .categorical }
        for column in spoilt {
            for row in 0..<column.count where column.number(at: row).isNaN {
                guard let text = column.text(at: row) else { continue }
                let brief = text.count > 40 ? text.prefix(39) + "…" : text[...]
                return "\(kinds): '\(brief)', row \(row + 1)"
            }
        }
        return kinds
    }
}
