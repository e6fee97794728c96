import Statistics
import Testing

/// Cramér–von Mises, Anderson–Darling, Mann–Whitney, Kruskal–Wallis and t against SciPy.
@Suite struct RankTestsTests {
    @Test(arguments: try Golden.cases("cramer_von_mises_2samp"))
    func cramerVonMisesIsSciPys(_ golden: Golden.Case) throws {
        let (a, b) = (try golden.inputs["a"].numbers(), try golden.inputs["b"].numbers())
        let statistic = try golden.expected["statistic"].number()
        for (name, method) in [("p", TwoSampleTests.Method.automatic), ("p_asymptotic", .asymptotic)] {
            let found = TwoSampleTests.cramerVonMises(a, b, method: method, ties: .midranks)
            #expect(agree(found.statistic, statistic, within: 1e-9))
            #expect(agree(found.pValue, try golden.expected[name].number(), within: 1e-6), "\(name) \(found)")
        }
        // Ties make it smaller, but not by much.
        let shared = TwoSampleTests.cramerVonMises(a, b)
        let isTied = Set(a + b).count < a.count + b.count
        #expect(agree(shared.statistic, statistic, within: isTied ? 0.15 : 1e-9), "\(shared)")
    }

    /// SciPy's midranks make two constants of different length differ; between samples of one size the two agree.
    @Test func tiesAreNoDifference() {
        let (a, b) = ([Double](repeating: 1, count: 10), [Double](repeating: 1, count: 20))
        let midranks = TwoSampleTests.cramerVonMises(a, b, method: .asymptotic, ties: .midranks)
        #expect(agree(midranks.statistic, 1.248611, within: 1e-6))
        #expect(midranks.pValue < 0.001)
        let shared = TwoSampleTests.cramerVonMises(a, b)
        #expect(shared.statistic == 0 && shared.pValue == 1 && shared.status == .ok)
        let darling = TwoSampleTests.andersonDarling([a, b])
        #expect(darling.statistic == 0 && darling.pValue == 1 && darling.status == .ok)
    }

    @Test(arguments: try Golden.cases("anderson_ksamp"))
    func andersonDarlingIsSciPys(_ golden: Golden.Case) throws {
        let groups = try golden.inputs["groups"].list().map { try $0.numbers() }
        let found = TwoSampleTests.andersonDarling(groups, correctsTies: false)
        let expected = golden.expected["midrank"]
        #expect(agree(found.statistic, try expected["statistic"].number(), within: 1e-9))
        #expect(agree(found.pValue, try expected["p"].number(), within: 1e-6), "\(found)")
        let corrected = TwoSampleTests.andersonDarling(groups)
        #expect(corrected.statistic == found.statistic && corrected.pValue >= found.pValue)
    }

    @Test(arguments: try Golden.cases("kruskal"))
    func kruskalWallisIsSciPys(_ golden: Golden.Case) throws {
        let found = TwoSampleTests.kruskalWallis(try golden.inputs["groups"].list().map { try $0.numbers() })
        #expect(agree(found.statistic, try golden.expected["h"].number(), within: 1e-9))
        #expect(agree(found.pValue, try golden.expected["p"].number(), within: 1e-6))
    }

    @Test(arguments: try Golden.cases("mannwhitneyu"))
    func mannWhitneyIsSciPys(_ golden: Golden.Case) throws {
        let (a, b) = (try golden.inputs["a"].numbers(), try golden.inputs["b"].numbers())
        let found = [
            "auto_cc": TwoSampleTests.mannWhitney(a, b),
            "asymptotic_cc": TwoSampleTests.mannWhitney(a, b, method: .asymptotic),
            "asymptotic_nocc": TwoSampleTests.mannWhitney(a, b, method: .asymptotic, continuity: false),
            "exact_cc": TwoSampleTests.mannWhitney(a, b, method: .exact),
        ]
        for (name, result) in found {
            let expected = golden.expected[name]
            // The tied case has no exact law.
            if case .null = expected { continue }
            #expect(agree(result.statistic, try expected["u"].number(), within: 1e-9))
            #expect(agree(result.pValue, try expected["p"].number(), within: 1e-6), "\(name) \(result)")
        }
    }

    @Test(arguments: try Golden.cases("ttest"))
    func tIsSciPys(_ golden: Golden.Case) throws {
        let (a, b) = (try golden.inputs["a"].numbers(), try golden.inputs["b"].numbers())
        for (name, variances) in [("student", TwoSampleTests.Variances.equal), ("welch", .unequal)] {
            let expected = golden.expected[name]
            let found = TwoSampleTests.tTest(a, b, variances: variances)
            #expect(agree(found.statistic, try expected["t"].number(), within: 1e-9))
            #expect(agree(found.degreesOfFreedom, try expected["df"].number(), within: 1e-9))
            #expect(agree(found.pValue, try expected["p"].number(), within: 1e-6))
            #expect(found.status == .ok)
        }
    }

    @Test(arguments: 0..<6)
    func moreSamples(_ index: Int) throws {
        let golden = try Golden.load().ranks[index]
        let (a, b) = (try golden["a"].numbers(), try golden["b"].numbers())
        #expect(agree(SampleDistances.energy(a, b), try golden["energy"].number(), within: 1e-9))
        let pairs = [
            ("kruskal", TwoSampleTests.kruskalWallis([a, b])),
            ("cramerVonMises", TwoSampleTests.cramerVonMises(a, b, ties: .midranks)),
            ("andersonDarling", TwoSampleTests.andersonDarling([a, b], correctsTies: false)),
        ]
        for (name, found) in pairs {
            let expected = try golden[name].numbers()
            #expect(agree(found.statistic, expected[0], within: 1e-9, absolute: true), "\(name) \(found)")
            #expect(agree(found.pValue, expected[1], within: 1e-6), "\(name) \(found)")
        }
        for (name, alternative) in [
            ("twoSided", TwoSampleTests.Alternative.twoSided), ("less", .less), ("greater", .greater),
        ] {
            let found = [
                "mannWhitney": TwoSampleTests.mannWhitney(a, b, alternative: alternative),
                "welch": TwoSampleTests.tTest(a, b, alternative: alternative),
                "student": TwoSampleTests.tTest(a, b, variances: .equal, alternative: alternative),
                "kolmogorovSmirnov": TwoSampleTests.kolmogorovSmirnov(a, b, alternative: alternative),
                "kolmogorovSmirnovAsymptotic": TwoSampleTests.kolmogorovSmirnov(
                    a, b, alternative: alternative, method: .asymptotic),
            ]
            for (test, result) in found {
                let expected = try golden[name][test].number()
                #expect(agree(result.pValue, expected, within: 1e-6), "\(test), \(name): \(result), not \(expected)")
            }
        }
    }

    @Test func workedNumbers() {
        let (a, b): ([Double], [Double]) = ([1, 2, 3, 4], [5, 6, 7, 8])
        #expect(agree(TwoSampleTests.cramerVonMises(a, b).statistic, 0.6875, within: 1e-12))
        #expect(agree(TwoSampleTests.cramerVonMises(a, b).pValue, 2.0 / 70, within: 1e-12))
        #expect(agree(TwoSampleTests.mannWhitney(a, [3.5, 5, 6, 7]).pValue, 4.0 / 70, within: 1e-12))
        #expect(agree(TwoSampleTests.kruskalWallis([[1, 2, 3], [4, 5, 6]]).statistic, 27.0 / 7, within: 1e-12))
        #expect(agree(TwoSampleTests.tTest(a, [3, 4, 5, 6]).pValue, 0.0710, within: 0.001))
        let oneSided = TwoSampleTests.kolmogorovSmirnov(a, [3, 4, 5, 6], alternative: .greater)
        #expect(agree(oneSided.pValue, 0.4, within: 1e-12))
        #expect(SampleDistances.energy([0, 0, 0, 8], [0, 8, 8, 8]) == 2)
    }

    /// Skewed samples of different sizes: Student's law does not hold, and the test says so.
    @Test func skewnessIsSaid() {
        let skewed = (0..<1_000).map { value in
            let rank = Double(value) / 1_000
            return 1 / (1.001 - rank)
        }
        let small = stride(from: 0, to: 1_000, by: 20).map { skewed[$0] }
        #expect(TwoSampleTests.tTest(skewed, small).status == .insufficient)
        #expect(TwoSampleTests.tTest(skewed, skewed).status == .ok)
    }
}
