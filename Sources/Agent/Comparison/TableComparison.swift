import Foundation
public import Learning
public import Statistics

/// The engine behind `tidewatch compare`: two tables, drift per column and for the whole.
///
/// A column drifts when it has evidence (a two-sample test, corrected for the number of columns) *and* effect
/// (`psi_excess` at least the smallest that matters): a huge table makes trifles significant, a tiny one makes chance
/// look large.
public enum TableComparison {
    /// - Parameters:
    ///   - columns: the columns to compare, in this order; `nil` for all of both tables.
    ///   - statistics: those to report; `nil` for the usual ones of each column's kind.
    ///   - multivariate: statistics of whole rows, over the chosen columns that both tables have in one kind.
    /// - Throws: `ComparisonError` for a column that neither table has, or when there is none at all.
    public static func run(
        reference: Table, current: Table, columns: [String]? = nil, statistics: [DriftStatistic]? = nil,
        multivariate: [MultivariateStatistic] = [], options: ComparisonOptions = ComparisonOptions()
    ) throws(ComparisonError) -> ComparisonReport {
        let known = byName(reference)
        let present = byName(current)
        var compared: [ComparedColumn] = []
        for name in try chosenNames(columns, reference: reference, current: current) {
            compared.append(
                compare(known[name], present[name], name: name, statistics: statistics, options: options))
        }
        judge(&compared, options: options)
        var report = ComparisonReport(
            rowsReference: reference.rowCount, rowsCurrent: current.rowCount, columns: compared)
        if !multivariate.isEmpty {
            let pairs = compared.compactMap { column -> ColumnPair? in
                guard let left = known[column.column], let right = present[column.column] else { return nil }
                return ColumnPair(reference: left, current: right)
            }
            report.multivariate = MultivariateComparer.run(pairs, statistics: multivariate, options: options)
        }
        return report
    }

    private static func byName(_ table: Table) -> [String: TableColumn] {
        table.columns.reduce(into: [:]) { $0[$1.name] = $1 }
    }

    private static func chosenNames(
        _ columns: [String]?, reference: Table, current: Table
    ) throws(ComparisonError) -> [String] {
        var seen: Set<String> = []
        // The reference's order, then what only the current table has.
        let all = (reference.columnNames + current.columnNames).filter { seen.insert($0).inserted }
        guard !all.isEmpty else {
            throw ComparisonError(code: .noColumns, message: "neither table has a column; give tables with a header")
        }
        // A blank after a comma belongs to no name, unless a column is called so.
        guard let columns = columns?.map({ seen.contains($0) ? $0 : $0.trimmingCharacters(in: .whitespaces) }) else {
            return all
        }
        if let unknown = columns.first(where: { !seen.contains($0) }) {
            let shown = all.prefix(40).joined(separator: ", ") + (all.count > 40 ? ", …" : "")
            let meant = NearestName.nearest(to: unknown, in: all).map { "; did you mean \"\($0)\"?" } ?? ""
            throw ComparisonError(
                code: .unknownColumn,
                message: "neither table has a column \"\(unknown)\"\(meant); they have: \(shown)")
        }
        var asked: Set<String> = []
        return columns.filter { asked.insert($0).inserted }
    }

    private static func compare(
        _ reference: TableColumn?, _ current: TableColumn?, name: String, statistics: [DriftStatistic]?,
        options: ComparisonOptions
    ) -> ComparedColumn {
        guard let known = reference ?? current else { preconditionFailure("a chosen column is in one of the tables") }
        var column = ComparedColumn(
            column: name, kind: known.kind.rawValue, status: .error,
            missingReference: reference?.side.missingShare, missingCurrent: current?.side.missingShare,
            invalidReference: reference?.side.invalid, invalidCurrent: current?.side.invalid,
            reason: .kindChanged)
        guard let reference else {
            column.reason = .missingInReference
            return column
        }
        guard let current else {
            column.reason = .missingInCurrent
            return column
        }
        guard let pair = ColumnPair(reference: reference, current: current) else {
            column.detail = ColumnPair.disagreement(reference, current)
            return column
        }
        ColumnComparer(pair: pair, statistics: statistics, options: options).fill(&column)
        return column
    }

    /// Turns evidence and effect into drift or not, for the columns that have both.
    private static func judge(_ columns: inout [ComparedColumn], options: ComparisonOptions) {
        let judged = columns.indices.filter { columns[$0].status == .ok }
        let raw = judged.map { columns[$0].adjustedPValue ?? 1 }
        let adjusted =
            switch options.correction {
            case .falseDiscoveryRate: AdjustedPValues.benjaminiHochberg(raw)
            case .familyWise: AdjustedPValues.holm(raw)
            }
        for (index, pValue) in zip(judged, adjusted) {
            columns[index].adjustedPValue = pValue
            columns[index].decide(options)
        }
    }
}

extension ComparedColumn {
    fileprivate mutating func decide(_ options: ComparisonOptions) {
        guard let adjustedPValue, let effect else { preconditionFailure("a judged column has evidence and effect") }
        let isEvident = adjustedPValue < options.significance
        let isLarge = effect >= options.minimumEffect
        drift = isEvident && isLarge
        reason = ComparisonReason(isEvident: isEvident, isLarge: isLarge)
        if isEvident && isLarge { severity = effect >= options.criticalEffect ? "critical" : "warning" }
    }
}
