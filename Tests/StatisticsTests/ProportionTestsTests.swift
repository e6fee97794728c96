import Statistics
import Testing

@Suite struct ProportionTestsTests {
    private let alternatives: [(String, TwoSampleTests.Alternative)] = [
        ("twoSided", .twoSided), ("less", .less), ("greater", .greater),
    ]

    @Test(arguments: try Golden.cases("fisher_exact"))
    func fisherIsSciPys(_ golden: Golden.Case) throws {
        let table = try golden.inputs["table"].list().map { try $0.counts() }
        let sizes = table.map { $0[0] + $0[1] }
        for (name, alternative) in zip(["p_two_sided", "p_less", "p_greater"], alternatives.map(\.1)) {
            let found = TwoSampleTests.fisherExact(
                table[0][0], of: sizes[0], table[1][0], of: sizes[1], alternative: alternative)
            #expect(agree(found.statistic, try golden.expected["odds_ratio"].number(), within: 1e-9))
            #expect(agree(found.pValue, try golden.expected[name].number(), within: 1e-6), "\(name)")
        }
    }

    @Test(arguments: 0..<5)
    func moreTables(_ index: Int) throws {
        let golden = try Golden.load().fisher[index]
        let counts = try golden["counts"].counts()
        for (name, alternative) in alternatives {
            let found = TwoSampleTests.fisherExact(
                counts[0], of: counts[1], counts[2], of: counts[3], alternative: alternative)
            let expected = try golden[name].number()
            #expect(agree(found.pValue, expected, within: 1e-6), "\(counts), \(name): \(found), not \(expected)")
            #expect(found.statistic.isFinite)
        }
    }

    @Test(arguments: 0..<4)
    func proportionsAreStatsmodels(_ index: Int) throws {
        let golden = try Golden.load().proportions[index]
        let counts = try golden["counts"].counts()
        for (name, alternative) in alternatives {
            let found = TwoSampleTests.twoProportions(
                counts[0], of: counts[1], counts[2], of: counts[3], alternative: alternative)
            #expect(agree(found.statistic, try golden["z"].number(), within: 1e-9))
            #expect(agree(found.pValue, try golden[name].number(), within: 1e-6), "\(counts), \(name)")
            #expect((found.status == .insufficient) == (counts == [0, 20, 3, 20]))
        }
    }

    @Test func theEnds() {
        #expect(TwoSampleTests.fisherExact(0, of: 0, 1, of: 2).status == .noData)
        #expect(TwoSampleTests.fisherExact(1 << 30, of: 1 << 31, 1, of: 2).status == .error)
        #expect(TwoSampleTests.twoProportions(0, of: 0, 1, of: 2).status == .noData)
        #expect(TwoSampleTests.twoProportions(5, of: 5, 9, of: 9).pValue == 1)
        // A million tables, of which all but a few thousand have no weight.
        let large = TwoSampleTests.fisherExact(500_000, of: 1_000_000, 501_000, of: 1_000_000)
        let normal = TwoSampleTests.twoProportions(500_000, of: 1_000_000, 501_000, of: 1_000_000)
        #expect(agree(large.pValue, normal.pValue, within: 0.01))
    }
}
