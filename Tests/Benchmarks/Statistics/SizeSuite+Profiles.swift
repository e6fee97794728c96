import Statistics
import TidewatchTestKit

extension SizeSuite {
    static func numericProfiles(_ stream: SizeStream) -> [SizeRow] {
        var statistics: [DriftStatistic] = [.psi, .chiSquare, .gTest, .ks, .cramerVonMises, .andersonDarling]
        if stream == .missing { statistics.append(.missingRate) }
        let tests = statistics
        var found = rows(tests.map(\.rawValue), stream, judgedFrom: 0) { generator, window in
            let reference = stream.numbers(referenceRows, &generator)
            let profile = ReferenceBuilder.build(columns: [("x", .numeric(reference))])
            let accumulator = PaneAccumulator(encoder: ReferenceEncoder(profile))
            for value in stream.numbers(window, &generator) { accumulator.add(numeric: value, column: 0) }
            return outcomes(tests, profile.columns[0], accumulator.summary().columns[0])
        }
        // Of 100 values 5 are missing: the expected count is at the limit of the test.
        for index in found.indices where found[index].test == DriftStatistic.missingRate.rawValue {
            found[index].judgedFrom = 1_000
        }
        return found
    }

    /// The category counts are drawn, and put in the cells that a `ReferenceBuilder` would make of such values (the kept
    /// categories by frequency, the rest, the unseen ones): the same law without a million texts. The first draw of each
    /// stream is made both ways and must agree.
    static func categoricalProfiles(_ stream: SizeStream) -> [SizeRow] {
        let tests: [DriftStatistic] = [.psi, .chiSquare, .gTest]
        let cumulative = stream.cumulativeWeights
        var first = DriftStream(seed: seed)
        let sample = SizeStream.counts(referenceRows, cumulative: cumulative, &first)
        precondition(column(sample).reference == built(sample), "the direct profile is the builder's")
        // Where no category is common there is nothing to judge.
        return rows(tests.map(\.rawValue), stream, judgedFrom: stream == .uniform2000 ? .max : 0) { generator, window in
            let cells = column(SizeStream.counts(referenceRows, cumulative: cumulative, &generator))
            let counts = SizeStream.counts(window, cumulative: cumulative, &generator)
            return outcomes(tests, cells.reference, cells.summary(counts))
        }
    }

    private static func outcomes(
        _ tests: [DriftStatistic], _ reference: ColumnReference, _ window: ColumnSummary
    ) -> [SizeOutcome] {
        let comparison = ColumnComparison(reference: reference, window: window)
        return tests.map { SizeOutcome(comparison.compute($0).pValue) }
    }

    private struct CategoryCells {
        var reference: ColumnReference
        /// Of each category; those beyond the kept ones in `other`, those not in the reference in `unseen`.
        var cellOfCategory: [Int]

        func summary(_ counts: [Int64]) -> ColumnSummary {
            var summary = ColumnSummary(cellCount: reference.cellCount)
            for (category, count) in counts.enumerated() { summary.counts[cellOfCategory[category]] += count }
            return summary
        }
    }

    private static func name(_ category: Int) -> String { "c" + String(10_000 + category) }

    private static func column(_ counts: [Int64]) -> CategoryCells {
        let seen = counts.indices.filter { counts[$0] > 0 }.sorted {
            counts[$0] == counts[$1] ? $0 < $1 : counts[$0] > counts[$1]
        }
        let kept = seen.prefix(1_000)
        let others = seen.dropFirst(1_000)
        var cells = [Int](repeating: kept.count + 1, count: counts.count)
        for (cell, category) in kept.enumerated() { cells[category] = cell }
        for category in others { cells[category] = kept.count }
        let reference = reference(
            kept.map { name($0) }, counts: kept.map { counts[$0] } + [others.reduce(0) { $0 + counts[$1] }, 0])
        return CategoryCells(reference: reference, cellOfCategory: cells)
    }

    private static func reference(_ names: [String], counts: [Int64]) -> ColumnReference {
        do {
            return try ColumnReference(
                name: "x", kind: .categorical, binning: .categories(names), counts: counts, missing: 0, invalid: 0,
                mean: 0, standardDeviation: 0, minimum: nil, maximum: nil, sample: [])
        } catch {
            preconditionFailure("drawn counts make a reference: \(error)")
        }
    }

    /// As `column`, by the builder; without the hashes of the others, which no comparison reads.
    private static func built(_ counts: [Int64]) -> ColumnReference {
        let values = counts.enumerated().flatMap { category, count in
            Array(repeating: String?.some(name(category)), count: Int(count))
        }
        let column = ReferenceBuilder.build(columns: [("x", .categorical(values))]).columns[0]
        guard case .categories(let names) = column.binning else { preconditionFailure("texts make categories") }
        return reference(names, counts: column.counts)
    }
}
