import Foundation
import Learning
public import Statistics

/// What the comparison says of whole rows, by one statistic.
public struct ComparedRows: Sendable, Equatable {
    public var result: MultivariateResult
    public var status: ComparisonStatus
    /// `nil` unless `status` is `ok`.
    public var drift: Bool?
    /// `warning` or `critical` for drift.
    public var severity: String?
    public var reason: ComparisonReason
    /// Corrected for the number of statistics asked for (Holm).
    public var adjustedPValue: Double?

    public var statistic: MultivariateStatistic { result.statistic }
}

/// Two tables compared row by row: all columns that both have in one kind.
public struct MultivariateReport: Sendable, Equatable {
    /// Rows looked at on either side, after sampling.
    public var rowsReference: Int
    public var rowsCurrent: Int
    /// In the order of `MultivariateStatistic`.
    public var statistics: [ComparedRows]
    /// Columns that take no part: identifiers, and those that do not fit.
    public var leftOut: [String]

    /// The statistics that found drift.
    public var drifted: [MultivariateStatistic] { statistics.filter { $0.drift == true }.map(\.statistic) }
}

/// Compares tables row by row.
///
/// At most `ComparisonOptions.maximumSampledRows` rows of either side, chosen by the hash of their place, so that the time is
/// bounded and the same tables give the same numbers. Drift is a p-value, corrected by Holm for the statistics asked for, below
/// the level, and an effect as large as the gate of the columns: psi_excess 0.02 is about the PSI of a shift by √0.02 = 0.14
/// standard deviations, and the effects of these statistics are shifts.
enum MultivariateComparer {
    /// Fixes the sample, the folds and the frequencies.
    private static let seed: UInt64 = 0x7469_6465

    static func run(
        _ pairs: [ColumnPair], statistics: [MultivariateStatistic], options: ComparisonOptions
    ) -> MultivariateReport {
        let limit = options.maximumSampledRows
        let reference = MultivariateRows(pairs.map { $0.reference.column($0.name) }).sampled(limit: limit, seed: seed)
        let current = MultivariateRows(pairs.map { $0.current.column($0.name) }).sampled(limit: limit, seed: seed &+ 1)
        let encoder = MultivariateEncoder(reference: reference)
        let asked = MultivariateStatistic.allCases.filter(statistics.contains)
        var compared = asked.map { statistic in
            let result = compute(statistic, encoder: encoder, reference, current)
            return ComparedRows(
                result: result, status: ComparisonStatus(result.status),
                reason: result.status == .insufficient ? .tooFewRows : .notComputable)
        }
        judge(&compared, options: options)
        return MultivariateReport(
            rowsReference: reference.count, rowsCurrent: current.count, statistics: compared, leftOut: encoder.leftOut)
    }

    private static func compute(
        _ statistic: MultivariateStatistic, encoder: MultivariateEncoder, _ reference: MultivariateRows,
        _ current: MultivariateRows
    ) -> MultivariateResult {
        switch statistic {
        case .pcaReconstruction:
            return PrincipalComponentReconstruction(encoder: encoder, reference: reference).compare(current)
        case .mmd:
            return MaximumMeanDiscrepancy(encoder: encoder, reference: reference, seed: seed).compare(current)
        case .domainClassifier:
            do {
                return try BoostedDomainClassifier.compare(reference: reference, window: current, seed: seed)
            } catch {
                return MultivariateResult(.domainClassifier, status: .error, method: error.description)
            }
        }
    }

    private static func judge(_ compared: inout [ComparedRows], options: ComparisonOptions) {
        let judged = compared.indices.filter { compared[$0].result.pValue != nil }
        let adjusted = AdjustedPValues.holm(judged.map { compared[$0].result.pValue ?? 1 })
        for (index, pValue) in zip(judged, adjusted) {
            let effect = compared[index].result.effect ?? 0
            let isEvident = pValue < options.significance
            let isLarge = effect >= options.minimumEffect.squareRoot()
            compared[index].adjustedPValue = pValue
            compared[index].drift = isEvident && isLarge
            compared[index].reason = ComparisonReason(isEvident: isEvident, isLarge: isLarge)
            if isEvident && isLarge {
                compared[index].severity = effect >= options.criticalEffect.squareRoot() ? "critical" : "warning"
            }
        }
    }
}

extension ColumnSide {
    fileprivate func column(_ name: String) -> MultivariateRows.Column {
        switch self {
        case .numeric(let values): .init(name: name, cells: .numeric(values))
        case .categories(let codes, let names): .init(name: name, cells: .categories(codes: codes, names: names))
        }
    }
}
