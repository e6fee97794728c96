import Statistics
import Testing

@Suite struct AdjustedPValuesTests {
    @Test(arguments: try Golden.cases("p_adjust"))
    func adjustedPValuesAreStatsmodels(_ golden: Golden.Case) throws {
        let methods: [String: ([Double]) -> [Double]] = [
            "fdr_bh": AdjustedPValues.benjaminiHochberg, "fdr_by": AdjustedPValues.benjaminiYekutieli,
            "holm": AdjustedPValues.holm, "bonferroni": AdjustedPValues.bonferroni,
            "hommel": AdjustedPValues.hommel,
        ]
        guard case .text(let name) = golden.inputs["method"] else {
            Issue.record("the case names no method")
            return
        }
        let adjust = try #require(methods[name])
        let alpha = try golden.inputs["alpha"].number()
        let found = adjust(try golden.inputs["p"].numbers())
        let expected = try golden.expected["adjusted"].numbers()
        let rejected = try golden.expected["reject"].numbers()
        #expect(found.count == expected.count)
        for index in expected.indices {
            #expect(agree(found[index], expected[index], within: 1e-9), "\(index)")
            #expect((found[index] <= alpha) == (rejected[index] == 1), "\(index)")
        }
    }

    @Test func workedNumbers() {
        let values = [0.01, 0.04, 0.03]
        let expected: [([Double], [Double])] = [
            (AdjustedPValues.bonferroni(values), [0.03, 0.12, 0.09]),
            (AdjustedPValues.holm(values), [0.03, 0.06, 0.06]),
            (AdjustedPValues.hommel(values), [0.03, 0.04, 0.04]),
            (AdjustedPValues.benjaminiHochberg(values), [0.03, 0.04, 0.04]),
            (AdjustedPValues.benjaminiYekutieli(values), [0.055, 0.22 / 3, 0.22 / 3]),
        ]
        for (found, right) in expected {
            for (a, b) in zip(found, right) { #expect(agree(a, b, within: 1e-12), "\(found), not \(right)") }
        }
        #expect(AdjustedPValues.hommel([]).isEmpty && AdjustedPValues.holm([]).isEmpty)
        #expect(AdjustedPValues.hommel([0.2]) == [0.2])
    }
}
