import Foundation
import Learning
import Statistics

/// The columns of a table as an experiment sees them: rows in variants, metrics as numbers.
struct ExperimentTable {
    static let maximumVariants = 20

    let path: String
    let table: Table
    /// The control first, then the others in order.
    let variants: [String]
    /// Per row the index of its variant; `nil` where it is missing.
    let arms: [Int?]
    /// Rows per variant, whether or not they have a metric: what the assignment gave.
    let assigned: [Int64]

    init(_ table: Table, _ options: ExperimentOptions) throws(ExperimentError) {
        path = options.path
        self.table = table
        let column = try Self.column(options.variant, option: "--variant", table, options.path)
        var counts: [String: Int64] = [:]
        for row in 0..<column.count {
            guard let name = column.text(at: row) else { continue }
            counts[name, default: 0] += 1
            guard counts.count <= Self.maximumVariants else {
                throw ExperimentError(
                    "\(options.path): column \"\(options.variant)\" has more than \(Self.maximumVariants) different "
                        + "values; --variant expects the column that names the variant of each row")
            }
        }
        guard counts.count >= 2 else {
            let found = counts.keys.first.map { "only \"\($0)\"" } ?? "no value"
            throw ExperimentError(
                "\(options.path): column \"\(options.variant)\" has \(found); an experiment has at least two variants")
        }
        let names = counts.keys.sorted()
        let control = try Self.control(options.control, among: names, options)
        variants = [control] + names.filter { $0 != control }
        let order = variants.enumerated().reduce(into: [:]) { $0[$1.element] = $1.offset }
        arms = (0..<column.count).map { row in column.text(at: row).flatMap { order[$0] } }
        assigned = variants.map { counts[$0] ?? 0 }
    }

    /// One column's values in rows that have a variant and a finite value.
    struct Metric {
        var name: String
        var values: [Double]
        var arms: [Int]
        /// The table's rows.
        var rows: [Int]
        var isProportion: Bool

        func values(of arm: Int) -> [Double] { zip(values, arms).filter { $0.1 == arm }.map(\.0) }
    }

    func metric(_ name: String, option: String) throws(ExperimentError) -> Metric {
        let column = try Self.column(name, option: option, table, path)
        if case .categorical(let codes, let categories) = column.values,
            let text = codes.first(where: { $0 >= 0 }).map({ categories[Int($0)] })
        {
            throw ExperimentError(
                "\(path): column \"\(name)\" holds text such as \"\(text)\"; \(option) expects numbers, or true and false"
            )
        }
        var metric = Metric(name: name, values: [], arms: [], rows: [], isProportion: false)
        for (row, arm) in arms.enumerated() {
            let value = column.number(at: row)
            guard let arm, value.isFinite else { continue }
            metric.values.append(value)
            metric.arms.append(arm)
            metric.rows.append(row)
        }
        metric.isProportion = metric.values.allSatisfy { $0 == 0 || $0 == 1 }
        return metric
    }

    /// A covariate in the rows of a metric; a missing one is the mean, which adjusts nothing.
    func covariate(_ name: String, rows: [Int]) throws(ExperimentError) -> [Double] {
        let column = try Self.column(name, option: "--covariate", table, path)
        if column.kind == .categorical {
            throw ExperimentError("\(path): column \"\(name)\" holds text; --covariate expects numbers")
        }
        let values = rows.map { column.number(at: $0) }
        let mean = ArmSummary(values).mean
        return values.map { $0.isFinite ? $0 : mean }
    }

    private static func column(
        _ name: String, option: String, _ table: Table, _ path: String
    ) throws(ExperimentError) -> TableColumn {
        if let column = table[name] { return column }
        let names = table.columnNames
        let meant = NearestName.nearest(to: name, in: names).map { "; did you mean \"\($0)\"?" }
        let known = "; it has: " + names.prefix(40).joined(separator: ", ") + (names.count > 40 ? ", …" : "")
        throw ExperimentError("\(path): \(option): there is no column \"\(name)\"\(meant ?? known)")
    }

    private static func control(
        _ asked: String?, among names: [String], _ options: ExperimentOptions
    ) throws(ExperimentError) -> String {
        if let asked {
            if names.contains(asked) { return asked }
            throw ExperimentError(
                "--control: column \"\(options.variant)\" of \(options.path) has no variant \"\(asked)\"; it has: "
                    + names.joined(separator: ", "))
        }
        return usualControl(among: names) ?? names[0]
    }

    /// The variant whose name says that it is the control.
    static func usualControl(among names: [String]) -> String? {
        for usual in ["control", "a", "baseline", "old", "0", "false"] {
            if let name = names.first(where: { $0.lowercased() == usual }) { return name }
        }
        return nil
    }
}
