import Testing

@testable import Statistics

/// What a window says of values that no cell holds.
struct ExceptionalSharesTests {
    /// scipy.stats.binom 1.15: 2·sf(4, 100, 0.01), 2·cdf(5, 100, 0.2), 2·sf(39, 100, 0.00688).
    @Test(arguments: [
        (5.0, 0.0...0.01, 0.0068646431755090415), (5, 0.2...0.3, 3.736013260064869e-05),
        (40, 0...0.00688, 5.851651958558386e-59), (1, 0...0.01, 1), (25, 0.2...0.3, 1),
    ])
    func tailsAreExact(hits: Double, allowed: ClosedRange<Double>, expected: Double) {
        let tail = ToleranceTests.shareTail(SignalReading(sum: hits, count: 100, standardized: 0), allowed: allowed)
        #expect(abs(tail - expected) <= 1e-9 * expected)
    }

    private func measured(missing: Int, invalid: Int = 0, of rows: Int) -> ColumnEvidence {
        let values = (0..<1_000).map { Double($0) }
        let profile = ReferenceBuilder.build(columns: [(name: "x", values: .numeric(values))])
        let pane = PaneAccumulator(encoder: ReferenceEncoder(profile))
        for row in 0..<rows {
            pane.events += 1
            if row < missing {
                pane.addMissing(column: 0)
            } else if row < missing + invalid {
                pane.addViolation(column: 0)
            } else {
                pane.add(numeric: values[row * 7 % 1_000], column: 0)
            }
        }
        let model = ColumnEvidenceModel(reference: profile.columns[0], minimumSample: 100)
        return model.measure(pane.summary().columns[0])
    }

    /// The divergence was 0 while an alarm spoke of missing values.
    @Test func theDivergenceCountsWhatIsMissing() throws {
        let calm = measured(missing: 0, of: 1_000)
        let most = measured(missing: 400, of: 1_000)
        // 2·0.4, less 1/1,000 by chance.
        #expect(abs(try #require(most.divergence) - (try #require(calm.divergence)) - 0.799) < 0.01)
        #expect(try #require(most.pValue) < 1e-50)
        #expect(try #require(most.plainPValue) < 1e-50)
        let invalid = measured(missing: 0, invalid: 400, of: 1_000)
        #expect(invalid.divergence == most.divergence)
        let all = measured(missing: 1_000, of: 1_000)
        #expect(abs(try #require(all.divergence) - 1.999) < 1e-9)
        #expect(try #require(calm.pValue) == 1)
    }
}
