import Foundation
import Testing
import TidewatchTestKit

@testable import Statistics

@Suite struct TwoSampleTestsTests {
    @Test(arguments: try Golden.cases("ks_2samp"))
    func kolmogorovSmirnovIsSciPys(_ golden: Golden.Case) throws {
        let (a, b) = (try golden.inputs["a"].numbers(), try golden.inputs["b"].numbers())
        let methods: [(String, TwoSampleTests.Method)] = [
            ("auto_two_sided", .automatic), ("exact_two_sided", .exact), ("asymp_two_sided", .asymptotic),
        ]
        for (name, method) in methods {
            let expected = golden.expected[name]
            let found = TwoSampleTests.kolmogorovSmirnov(a, b, method: method)
            #expect(agree(found.statistic, try expected["statistic"].number(), within: 1e-9, absolute: true))
            #expect(agree(found.pValue, try expected["p"].number(), within: 1e-6), "\(name)")
            #expect(found.method == (method == .asymptotic ? "asymptotic" : "exact"))
        }
    }

    @Test(arguments: 0..<5)
    func largerSamplesAndDeepTails(_ index: Int) throws {
        let pair = try Golden.load().kolmogorovSmirnovPairs[index]
        let exact = TwoSampleTests.kolmogorovSmirnov(pair.a, pair.b)
        #expect(agree(exact.statistic, pair.statistic, within: 1e-9))
        #expect(agree(exact.pValue, pair.exact, within: 1e-6), "\(exact.pValue), not \(pair.exact)")
        let asymptotic = TwoSampleTests.kolmogorovSmirnov(pair.b, pair.a, method: .asymptotic)
        #expect(agree(asymptotic.pValue, pair.asymp, within: 1e-6), "\(asymptotic.pValue), not \(pair.asymp)")
    }

    @Test func workedNumber() {
        let result = TwoSampleTests.kolmogorovSmirnov([1, 2, 3, 4], [3, 4, 5, 6])
        #expect(result.statistic == 0.5)
        #expect(agree(result.pValue, 54.0 / 70, within: 1e-12))
    }

    @Test func samplesWithoutValuesSaySo() {
        #expect(TwoSampleTests.kolmogorovSmirnov([], [1]).status == .noData)
        #expect(TwoSampleTests.kolmogorovSmirnov([.nan, .infinity], [1]).status == .noData)
        #expect(TwoSampleTests.kolmogorovSmirnov([1, .nan], [1]).pValue == 1)
        #expect(TwoSampleTests.kolmogorovSmirnov([1], [2], method: .asymptotic).pValue.isFinite)
    }

    @Test(arguments: try Golden.cases("ks_2samp"))
    func oneSidedKolmogorovSmirnovIsSciPys(_ golden: Golden.Case) throws {
        let (a, b) = (try golden.inputs["a"].numbers(), try golden.inputs["b"].numbers())
        for (name, alternative) in [("auto_less", TwoSampleTests.Alternative.less), ("auto_greater", .greater)] {
            let expected = golden.expected[name]
            let found = TwoSampleTests.kolmogorovSmirnov(a, b, alternative: alternative)
            #expect(agree(found.statistic, try expected["statistic"].number(), within: 1e-9, absolute: true))
            #expect(agree(found.pValue, try expected["p"].number(), within: 1e-6), "\(name) \(found)")
        }
    }

    @Test(arguments: try Golden.cases("chi2_contingency"))
    func chiSquareIsSciPys(_ golden: Golden.Case) throws {
        let table = try golden.inputs["table"].list().map { try $0.counts() }
        var found = [TwoSampleTests.chiSquareContingency(table: table)]
        if table.count == 2 {
            found.append(TwoSampleTests.chiSquareContingency(table[0], table[1], pooling: false))
        }
        for result in found {
            #expect(agree(result.statistic, try golden.expected["chi2"].number(), within: 1e-9))
            #expect(agree(result.pValue, try golden.expected["p"].number(), within: 1e-6))
            #expect(result.degreesOfFreedom == (try golden.expected["dof"].number()))
        }
        let strength = TwoSampleTests.cramersV(
            chiSquare: found[0].statistic, total: table.joined().reduce(0, +), rows: table.count,
            columns: table[0].count)
        #expect(agree(strength, try golden.expected["cramers_v"].number(), within: 1e-9))
    }

    @Test(arguments: 0..<4)
    func gIsSciPys(_ index: Int) throws {
        let golden = try Golden.load().gTest[index]
        let table = try golden["table"].list().map { try $0.counts() }
        let found = TwoSampleTests.gTest(table[0], table[1], pooling: false, isCorrected: false)
        #expect(agree(found.statistic, try golden["statistic"].number(), within: 1e-9))
        #expect(agree(found.pValue, try golden["p"].number(), within: 1e-6))
    }

    /// Williams 1976: q = 1 + (N/m + N/n − 1)(ΣN/C − 1)/(6N·(K − 1)).
    @Test func gIsCorrected() {
        let (plain, corrected) = (
            TwoSampleTests.gTest([30, 70], [45, 55], isCorrected: false), TwoSampleTests.gTest([30, 70], [45, 55])
        )
        #expect(plain.statistic == corrected.statistic)
        let q = 1 + 3 * (200.0 / 75 + 200.0 / 125 - 1) / 1_200
        // One degree of freedom: p = erfc(√(G/2q)).
        #expect(agree(corrected.pValue, erfc((plain.statistic / q / 2).squareRoot()), within: 1e-9))
        #expect(agree(corrected.pValue, 0.0287, within: 0.002) && agree(plain.pValue, 0.0281, within: 0.002))
    }

    @Test func smallCellsArePooled() {
        let found = TwoSampleTests.chiSquareContingency([50, 3, 2, 45, 0], [40, 2, 1, 52, 5])
        let byHand = TwoSampleTests.chiSquareContingency([50, 45, 5], [40, 52, 8], pooling: false)
        #expect(agree(found.statistic, byHand.statistic, within: 1e-12))
        #expect(found.degreesOfFreedom == 2)
    }

    /// Ten cells of four each: pooled in pairs, not all into one.
    @Test func evenSmallCellsArePooledInPairs() {
        let found = TwoSampleTests.chiSquareContingency(
            Array(repeating: 4, count: 10), Array(repeating: 4, count: 10))
        #expect(found.status == .ok && found.degreesOfFreedom == 4)
    }

    /// Against the definition, pair by pair: the queue of sums is a matter of speed alone.
    @Test func poolingIsThatOfItsDefinition() {
        var stream = DriftStream(seed: 31)
        for round in 0..<60 {
            let counts = (0..<(2 + round)).map { _ in
                (Int64(stream.uniform() * stream.uniform() * 9), Int64(stream.uniform() * 6))
            }
            let cells = PooledCells(
                counts.map(\.0), counts.map(\.1), minimumExpected: 5, rareCells: [], isOrdered: false)
            let expected = pooledByDefinition(counts)
            #expect(cells.first == expected.map(\.0) && cells.second == expected.map(\.1))
        }
    }

    /// An identifier: a million cells of one row or two took hours where pooling was quadratic.
    @Test(.timeLimit(.minutes(5))) func manyRareCellsArePooledInTime() {
        let ones = [Int64](repeating: 1, count: 300_000)
        let result = TwoSampleTests.chiSquareContingency(ones, ones)
        #expect(result.status == .ok && result.statistic == 0)
    }

    private func pooledByDefinition(_ counts: [(Int64, Int64)]) -> [(Double, Double)] {
        var cells = counts.enumerated().filter { $1.0 + $1.1 > 0 }.map { place, count in
            (Double(count.0), Double(count.1), UInt64(place + 1) &* 0x9E37_79B9_7F4A_7C15)
        }
        cells.sort { $0.0 + $0.1 == $1.0 + $1.1 ? $0.2 < $1.2 : $0.0 + $0.1 < $1.0 + $1.1 }
        let totals = (cells.reduce(0) { $0 + $1.0 }, cells.reduce(0) { $0 + $1.1 })
        let share = min(totals.0, totals.1) / (totals.0 + totals.1)
        while cells.count > 1, (cells[0].0 + cells[0].1) * share < 5 {
            let sum = (cells[0].0 + cells[1].0, cells[0].1 + cells[1].1, UInt64(0))
            cells.removeFirst(2)
            cells.insert(sum, at: cells.firstIndex { $0.0 + $0.1 >= sum.0 + sum.1 } ?? cells.count)
        }
        return cells.map { ($0.0, $0.1) }
    }

    @Test func tooFewCellsAreNoTest() {
        #expect(TwoSampleTests.chiSquareContingency([3, 2], [1, 2]).status == .insufficient)
        #expect(TwoSampleTests.chiSquareContingency([3, 0], [0, 0]).status == .noData)
        let constant = TwoSampleTests.chiSquareContingency([30, 0], [20, 0])
        #expect(constant.status == .ok && constant.pValue == 1 && constant.degreesOfFreedom == 0)
    }

    /// Identifiers: every category is new, on both sides. Lumping one side's into "unseen" must not look like drift.
    @Test func aRareCellIsPooledWithTheRareCategories() {
        let reference = [Int64](repeating: 1, count: 500) + [0]
        let window = [Int64](repeating: 0, count: 500) + [500]
        #expect(TwoSampleTests.chiSquareContingency(reference, window, rareCells: [500]).status == .insufficient)
        // Where nothing else is rare, the cell stands for itself.
        let drift = TwoSampleTests.chiSquareContingency([250, 250, 0], [100, 100, 300], rareCells: [2])
        #expect(drift.status == .ok && drift.pValue < 1e-50)
    }

    /// Under ties p-values were products that grew again far out: a column at A² = 1172 was no drift, p = 0.25.
    @Test(arguments: [2, 3, 7])
    func aLargerDifferenceOfTiedColumnsIsNeverMoreLikely(levels: Int) {
        func column(_ share: Double) -> [Double] {
            let first = Int((1 - share) * 400 / Double(levels))
            return (0..<400).map { $0 < first ? 0 : Double(1 + $0 % (levels - 1)) }
        }
        let reference = column(0)
        let tests: [([Double], [Double]) -> TestResult] = [
            { TwoSampleTests.andersonDarling([$0, $1]) }, { TwoSampleTests.cramerVonMises($0, $1) },
        ]
        for test in tests {
            let results = stride(from: 0.0, through: 1, by: 0.05).map { test(reference, column($0)) }
            for (before, after) in zip(results, results.dropFirst()) where after.statistic > before.statistic {
                // The ties of the pooled values change a little from one to the next.
                #expect(after.pValue <= before.pValue * 1.02, "\(after) after \(before)")
            }
            #expect(results.last?.pValue ?? 1 <= 0.01)
        }
    }
}
