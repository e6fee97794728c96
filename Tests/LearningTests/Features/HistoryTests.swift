import Statistics
import Testing

@testable import Learning

@Suite struct HistoryTests {
    @Test func lagsAndRollingStatisticsAreThoseOfPandas() throws {
        let fixture = try PreparationFixture.shared.get()
        let source = try fixture.table(["country": "country", "amount": "amount with holes"])
        let step = HistoryFeatures(
            columns: ["amount"], sequence: RowSequence(entity: "country"), lags: [1, 3], windows: [4],
            statistics: HistoryFeatures.RollingStatistic.allCases)
        let (_, training) = try Preparation(.lookBack(step)).fit(source)
        let pairs: KeyValuePairs = [
            "amount__lag1": "lag 1", "amount__lag3": "lag 3", "amount__mean4": "rolling mean",
            "amount__sum4": "rolling sum", "amount__minimum4": "rolling min", "amount__maximum4": "rolling max",
            "amount__deviation4": "rolling std", "amount__count4": "rolling count",
        ]
        for (name, key) in pairs { expectClose(try training.numbers(name), try fixture.expectedNumbers(key), name) }
    }

    private func table(times: [Double], values: [Double]) throws -> Table {
        try Table(columns: [
            TableColumn(name: "t", numbers: times), TableColumn(name: "x", numbers: values),
            TableColumn(name: "who", texts: times.map { _ in "a" }),
        ])
    }

    private let step = PreparationStep.lookBack(
        HistoryFeatures(
            columns: ["x"], sequence: RowSequence(entity: "who", time: "t"), lags: [1, 2], windows: [2],
            statistics: [.sum]))

    /// Rows of one time do not see one another; the rows after them see both.
    @Test func tiesInTimeSeeTheSamePast() throws {
        let source = try table(times: [1, 2, 2, 3], values: [10, 20, 30, 40])
        let (_, training) = try Preparation(step).fit(source)
        expectClose(try training.numbers("x__lag1"), [nil, 10, 10, 30], "lag 1")
        expectClose(try training.numbers("x__lag2"), [nil, nil, nil, 20], "lag 2")
        expectClose(try training.numbers("x__sum2"), [nil, 10, 10, 50], "sum")
    }

    /// Whatever comes later changes nothing that was made before.
    @Test func nothingLooksAhead() throws {
        var generator = SplitMix(seed: 9)
        let times = (0..<60).map { _ in Double(Int.random(in: 0..<30, using: &generator)) }
        let values = (0..<60).map { _ in generator.normal() }
        let source = try table(times: times, values: values)
        let (fitted, whole) = try Preparation(step).fit(source)
        for cut in [5.0, 12, 25] {
            let changed = try table(times: times, values: zip(times, values).map { $0 < cut ? $1 : 1_000 })
            let other = try fitted.apply(changed)
            for row in times.indices where times[row] <= cut {
                for name in ["x__lag1", "x__lag2", "x__sum2"] {
                    let (a, b) = (try whole.numbers(name)[row], try other.numbers(name)[row])
                    #expect(a == b || (a.isNaN && b.isNaN), "\(name), row \(row)")
                }
            }
        }
    }

    @Test func aRowThatComesLateSeesOnlyWhatWasEarlier() throws {
        let (fitted, _) = try Preparation(step).fit(table(times: [1], values: [1]))
        var state = PreparationState()
        _ = try fitted.apply(table(times: [1, 2, 5], values: [10, 20, 50]), state: &state)
        let (late, _) = try fitted.apply(table(times: [3], values: [30]), state: &state)
        expectClose(try late.numbers("x__lag1"), [20], "late")
        let (next, _) = try fitted.apply(table(times: [6], values: [60]), state: &state)
        expectClose(try next.numbers("x__lag1") + next.numbers("x__lag2"), [50, 30], "next")
    }

    @Test func rowsWithoutTimeOrEntityHaveNoHistory() throws {
        let source = try Table(columns: [
            TableColumn(name: "t", numbers: [1, .nan, 2, 3]), TableColumn(name: "x", numbers: [1, 2, 3, 4]),
            TableColumn(name: "who", texts: ["a", "a", nil, "a"]),
        ])
        expectClose(try Preparation(step).fit(source).training.numbers("x__lag1"), [nil, nil, nil, 1], "lag 1")
    }

    @Test func theStateIsBounded() throws {
        let history = HistoryFeatures(
            columns: ["x"], sequence: RowSequence(entity: "who"), lags: [1], maximumEntities: 100)
        let source = try Table(columns: [
            TableColumn(name: "x", numbers: (0..<1_000).map { Double($0) }),
            TableColumn(name: "who", texts: (0..<1_000).map { "u\($0)" }),
        ])
        let (fitted, _) = try Preparation(.lookBack(history)).fit(source)
        var state = PreparationState()
        for start in stride(from: 0, to: 1_000, by: 50) {
            _ = try fitted.apply(source.rows(start..<(start + 50)), state: &state)
        }
        let again = try fitted.apply(source, state: &state).table.numbers("x__lag1")
        let remembered = again.indices.filter { !again[$0].isNaN }
        #expect(remembered.count <= 100 && remembered.allSatisfy { $0 >= 900 } && remembered.last == 999)
        // Many rows of one time do not pile up either.
        let ties = try table(times: Array(repeating: 1, count: 500), values: Array(repeating: 2, count: 500))
        var tied = PreparationState()
        _ = try Preparation(step).fit(ties).fitted.apply(ties, state: &tied)
        #expect(tied.histories[0]?.rowsKept == 2)
    }

    @Test func theTargetHasNoLagToServe() throws {
        let source = try table(times: [1, 2], values: [1, 2])
        let problem = LearningProblem(task: .regression, target: "x")
        #expect(learningError { _ = try Preparation(step).fit(source, problem) }?.code == .invalidParameter)
    }
}
