import Learning
import Testing

@Suite struct PairedComparisonTests {
    /// The definition of DeLong, pair by pair, in NumPy; scores have ties.
    @Test func deLongIsThatOfTheDefinition() throws {
        let data = try SearchFixture.load().delong
        let found = try #require(
            PairedComparison.rocAUC(first: data.first, second: data.second, labels: data.labels))
        #expect(abs(found.first - data.expected.first) < 1e-12 && abs(found.second - data.expected.second) < 1e-12)
        #expect(abs(found.pValue - data.expected.pValue) < 1e-12)
        let high = try #require(found.high)
        #expect(abs(high - found.difference - 1.959963984540054 * data.expected.error) < 1e-12)
        let same = try #require(PairedComparison.rocAUC(first: data.first, second: data.first, labels: data.labels))
        #expect(same.pValue == 1 && same.difference == 0)
        #expect(PairedComparison.rocAUC(first: [1, 2], second: [1, 2], labels: [true, true]) == nil)
    }

    @Test(arguments: ["few", "many"]) func mcNemarIsThatOfSciPy(_ name: String) throws {
        let data = try #require(try SearchFixture.load().mcnemar[name])
        let found = try #require(PairedComparison.accuracy(first: data.first, second: data.second))
        #expect(abs(found.pValue - data.pValue) < 1e-10)
        let shares = (data.first.count { $0 }, data.second.count { $0 })
        #expect(abs(found.difference - Double(shares.1 - shares.0) / Double(data.first.count)) < 1e-12)
    }

    @Test func mcNemarOfEqualDecisions() throws {
        let found = try #require(PairedComparison.accuracy(first: [true, false], second: [true, false]))
        #expect(found.pValue == 1 && found.difference == 0)
        #expect(PairedComparison.accuracy(first: [], second: []) == nil)
    }

    /// The bootstrap of an area agrees with DeLong's interval.
    @Test func bootstrapAgreesWithDeLong() throws {
        let data = try SearchFixture.load().delong
        let exact = try #require(
            PairedComparison.rocAUC(first: data.first, second: data.second, labels: data.labels))
        func area(_ scores: [Double], _ rows: [Int]) -> Double? {
            let labels = rows.map { data.labels[$0] }
            let (up, down) = (rows.filter { data.labels[$0] }, rows.filter { !data.labels[$0] })
            guard !up.isEmpty, !down.isEmpty, labels.count == rows.count else { return nil }
            let wins = up.reduce(0.0) { sum, one in
                sum + down.reduce(0.0) { $0 + (scores[one] > scores[$1] ? 1 : scores[one] == scores[$1] ? 0.5 : 0) }
            }
            return wins / Double(up.count * down.count)
        }
        let found = try #require(
            PairedComparison.bootstrap(rows: 120, resamples: 400, seed: 5) { rows in
                guard let one = area(data.first, rows), let two = area(data.second, rows) else { return nil }
                return (one, two)
            })
        #expect(abs(found.difference - exact.difference) < 1e-12)
        let (low, high) = (try #require(found.low), try #require(found.high))
        let (exactLow, exactHigh) = (try #require(exact.low), try #require(exact.high))
        #expect(abs(low - exactLow) < 0.03 && abs(high - exactHigh) < 0.03)
        #expect(PairedComparison.bootstrap(rows: 0, seed: 1) { _ in (0, 0) } == nil)
    }
}
