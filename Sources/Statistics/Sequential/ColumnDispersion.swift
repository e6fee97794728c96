/// How far the events of a column depend on each other, as the factor φ ≥ 1 by which the variance of their means is
/// larger than that of independent events; per signal of its `ColumnEvidenceModel` and for the test over all cells.
public struct ColumnDispersion: Codable, Sendable, Equatable {
    /// Empty where events are taken for independent.
    public var signals: [Double]
    public var overall: Double

    /// φ = 1 throughout.
    public static let independent = ColumnDispersion(signals: [], overall: 1)

    /// The same factor for every signal of a column.
    public static func uniform(_ factor: Double, of reference: ColumnReference) -> ColumnDispersion {
        ColumnDispersion(signals: EvidenceSignal.all(of: reference).map { _ in factor }, overall: factor)
    }

    func ofSignal(_ index: Int) -> Double { index < signals.count ? signals[index] : 1 }

    /// From consecutive chunks of the reference's own rows (see `OverDispersion.estimate`); the test over all cells from
    /// the mean of its statistic over the same stretches.
    /// - Returns: `nil` with fewer than ten chunks.
    public static func estimate(
        reference: ColumnReference, chunks: [ColumnSummary], minimumSample: Int64
    ) -> ColumnDispersion? {
        guard chunks.count >= OverDispersion.minimumChunks else { return nil }
        let signals = EvidenceSignal.all(of: reference).map { signal -> Double in
            guard signal.deviation > 0 else { return 1 }
            let read = chunks.map { chunk -> (sum: Double, count: Double) in
                let reading = signal.read(chunk)
                return (reading.standardized, reading.count)
            }
            return OverDispersion.estimate(chunks: read, variance: 1) ?? 1
        }
        let cells = ToleranceCells(reference, minimumSample: minimumSample)
        // Dependence inflates some directions of the statistic more than others; the largest decides its tail.
        let overall = max(overall(cells, chunks), signals.max() ?? 1)
        return ColumnDispersion(signals: signals, overall: overall)
    }

    private static func overall(_ cells: ToleranceCells, _ chunks: [ColumnSummary]) -> Double {
        guard cells.degrees > 0 else { return 1 }
        var stretches = chunks
        var largest = 1.0
        while stretches.count >= OverDispersion.minimumChunks {
            let statistics = stretches.compactMap { cells.statistic($0)?.value }
            guard !statistics.isEmpty else { break }
            // The mean of as many statistics of several degrees each is known better than one with one degree.
            let degrees = (statistics.count - 1) * cells.degrees
            largest = max(largest, OverDispersion.upperBound(sum: statistics.reduce(0, +), degrees: max(1, degrees)))
            stretches = stride(from: 0, to: stretches.count - 1, by: 2).map { index in
                var sum = stretches[index]
                sum.merge(stretches[index + 1])
                return sum
            }
        }
        return largest
    }
}
