import Learning
import Statistics

/// The columns of a scored table that a question names.
struct MetricsTable {
    let table: Table
    let options: MetricsOptions

    func column(_ name: String, option: String) throws -> TableColumn { try table.asked(name, option: option) }

    /// The task that was asked for, or that the columns speak of: a query column means ranking; two labels or fewer
    /// binary; a number with many or broken values regression; else multiclass.
    func task() throws -> MetricsOptions.Task {
        guard options.task == .auto else { return options.task }
        if options.query != nil { return .ranking }
        if options.positive != nil { return .binary }
        let label = try column(options.label, option: "--label")
        let distinct = Set((0..<label.count).lazy.compactMap { label.text(at: $0) }.prefix(1_000_000))
        if distinct.count <= 2 { return .binary }
        if case .numeric(let numbers) = label.values {
            let isWhole = numbers.allSatisfy { !$0.isFinite || $0 == $0.rounded() }
            if !isWhole || distinct.count > 20 { return .regression }
        }
        return .multiclass
    }

    /// Labels of a column, in one spelling for `true`, `1`, `1.0` and the like.
    func labels(_ column: TableColumn) -> [String?] { (0..<column.count).map { column.text(at: $0) } }

    /// Numbers of a column that must be numeric; NaN where a cell is missing.
    func numbers(_ name: String, option: String) throws -> [Double] {
        let column = try column(name, option: option)
        let found = (0..<column.count).map { column.number(at: $0) }
        guard column.kind != .categorical || found.contains(where: { !$0.isNaN }) || found.isEmpty else {
            let example = (0..<column.count).lazy.compactMap { column.text(at: $0) }.first ?? ""
            throw MetricsError("\(option): the column \"\(name)\" holds text (\"\(example)\"), not numbers")
        }
        return found
    }

    /// The segment of each row, and the segments by size: at most 20, the rest as `(other)`; missing cells as
    /// `(missing)`. A number with more than 20 values is cut at its quartiles.
    func segments(_ name: String, option: String) throws -> (names: [String], ofRow: [Int]) {
        let column = try column(name, option: option)
        let texts = quartiles(column) ?? (0..<column.count).map { column.text(at: $0) ?? "(missing)" }
        let counts = texts.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
        let order = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
        var names = Array(order.prefix(20))
        if order.count > 20 { names.append("(other)") }
        let index = Dictionary(uniqueKeysWithValues: order.prefix(20).enumerated().map { ($1, $0) })
        return (names, texts.map { index[$0] ?? 20 })
    }

    private func quartiles(_ column: TableColumn) -> [String]? {
        guard case .numeric(let numbers) = column.values, Set(numbers.filter { !$0.isNaN }).count > 20 else {
            return nil
        }
        let sorted = numbers.filter { !$0.isNaN }.sorted()
        let cuts = [1, 2, 3].map { sorted[$0 * (sorted.count - 1) / 4] }
        let format = ComparisonFormat.number
        let names =
            ["up to \(format(cuts[0]))"]
            + [1, 2].map { "\(format(cuts[$0 - 1])) to \(format(cuts[$0]))" } + ["above \(format(cuts[2]))"]
        return numbers.map { number in
            number.isNaN ? "(missing)" : names[cuts.firstIndex { number <= $0 } ?? 3]
        }
    }
}

extension Table {
    /// The column that an option names.
    func asked(_ name: String, option: String) throws -> TableColumn {
        if let column = self[name] { return column }
        let nearest = NearestName.nearest(to: name, in: columnNames)
        let meant = nearest.map { "; did you mean \"\($0)\"?" } ?? "."
        let known = columnNames.prefix(40).joined(separator: ", ")
        throw MetricsError("\(option): there is no column \"\(name)\"\(meant) The table has: \(known)")
    }
}
