import Statistics
import TidewatchTestKit

extension SizeSuite {
    /// The rank tests know of the values their order only, so that the normal stream stands for every continuous one.
    static func samples(_ stream: SizeStream) -> [SizeRow] {
        let ranks = [SizeStream.normal, .ties, .zeros].contains(stream)
        let tests =
            ["welch_t", "student_t", "welch_t vs 5,000"]
            + (ranks
                ? ["ks", "ks, one-sided", "cramer_von_mises", "anderson_darling", "mann_whitney", "kruskal_wallis"]
                : [])
        var found = rows(tests, stream, judgedFrom: 0) { generator, window in
            let (a, b) = (stream.numbers(window, &generator), stream.numbers(window, &generator))
            let reference = stream.numbers(referenceRows, &generator)
            var results = [
                TwoSampleTests.tTest(a, b), TwoSampleTests.tTest(a, b, variances: .equal),
                TwoSampleTests.tTest(reference, b),
            ]
            if ranks {
                results += [
                    TwoSampleTests.kolmogorovSmirnov(a, b),
                    TwoSampleTests.kolmogorovSmirnov(a, b, alternative: .greater),
                    TwoSampleTests.cramerVonMises(a, b), TwoSampleTests.andersonDarling([a, b]),
                    TwoSampleTests.mannWhitney(a, b), TwoSampleTests.kruskalWallis([a, b]),
                ]
            }
            return results.map { SizeOutcome($0.status == .ok ? $0.pValue : nil) }
        }
        // Heavy skew in samples of different sizes is what Student's law does not hold for.
        for index in found.indices where found[index].test == "welch_t vs 5,000" {
            found[index].judgedFrom = [.normal, .ties, .missing].contains(stream) ? 0 : .max
        }
        return found
    }

    /// Two samples of n trials with 30 % and with 2 % hits.
    static func proportions() -> [SizeRow] {
        [0.3, 0.02].flatMap { share in
            let names = ["two_proportions", "fisher_exact"].map { "\($0), \(share)" }
            var found = rows(names, .categories3, judgedFrom: share > 0.1 ? 0 : 1_000) { generator, window in
                let hits = (0..<2).map { _ in Int64((0..<window).count { _ in generator.uniform() <= share }) }
                let size = Int64(window)
                return [
                    TwoSampleTests.twoProportions(hits[0], of: size, hits[1], of: size),
                    TwoSampleTests.fisherExact(hits[0], of: size, hits[1], of: size),
                ].map { SizeOutcome($0.status == .ok ? $0.pValue : nil) }
            }
            found[1].judgedFrom = 0
            return found
        }
    }
}
