import Learning
import Statistics
import Testing

@Suite struct SplitPlanTests {
    private func table(_ rows: Int, groups: Int = 7) throws -> Table {
        try Table(columns: [
            TableColumn(name: "x", numbers: (0..<rows).map(Double.init)),
            TableColumn(name: "g", texts: (0..<rows).map { "g\($0 * $0 % groups)" }),
            TableColumn(name: "t", numbers: (0..<rows).map(Double.init)),
            TableColumn(name: "y", texts: (0..<rows).map { $0 % 5 == 0 ? "yes" : "no" }),
        ])
    }

    private func problem(group: String? = nil, time: String? = nil) -> LearningProblem {
        LearningProblem(task: yes, target: "y", group: group, time: time)
    }

    @Test(arguments: [SplitPlan.kFold(4), .stratified(4), .grouped(4)])
    func everyRowIsJudgedOnceAndNeverByItsOwnModel(_ plan: SplitPlan) throws {
        let table = try table(90)
        let folds = try plan.folds(of: table, problem: problem(group: "g"), seed: 3)
        #expect(folds.flatMap(\.test).sorted() == Array(0..<90))
        for fold in folds { #expect((fold.train + fold.test).sorted() == Array(0..<90)) }
        #expect(try plan.folds(of: table, problem: problem(group: "g"), seed: 3) == folds)
        // Four groups of different sizes in four folds leave nothing to chance.
        guard plan != .grouped(4) else { return }
        #expect(try plan.folds(of: table, problem: problem(group: "g"), seed: 4) != folds)
    }

    @Test func stratifiedFoldsHaveTheClassesOfTheWhole() throws {
        let folds = try SplitPlan.stratified(5).folds(of: table(100), problem: problem(), seed: 1)
        for fold in folds { #expect(fold.test.count { $0 % 5 == 0 } == 4 && fold.test.count == 20) }
    }

    @Test func groupsStayTogether() throws {
        let table = try table(120)
        let folds = try SplitPlan.grouped(3).folds(of: table, problem: problem(group: "g"), seed: 1)
        for fold in folds {
            let learned = Set(fold.train.map { $0 * $0 % 7 })
            #expect(fold.test.allSatisfy { !learned.contains($0 * $0 % 7) })
        }
        let error = learningError {
            _ = try SplitPlan.grouped(5).folds(of: table, problem: problem(group: "g"), seed: 1)
        }
        #expect(error?.code == .noRows)
    }

    @Test func timeSeriesAreThoseOfScikitLearn() throws {
        for expected in try SearchFixture.load().timeSeries {
            let folds = try SplitPlan.timeSeries(expected.folds, gap: expected.gap).folds(
                of: table(expected.rows), problem: problem(time: "t"), seed: 0)
            #expect(folds == expected.splits.map { Fold(train: $0.train, test: $0.test) })
        }
    }

    @Test func rowsOfOneTimeAreNeverDivided() throws {
        let times = (0..<60).map { "2026-01-0\(1 + $0 / 10)" }.reversed()
        let table = try Table(columns: [
            TableColumn(name: "t", texts: Array(times)),
            TableColumn(name: "y", texts: (0..<60).map { $0 % 2 == 0 ? "yes" : "no" }),
        ])
        let cells = Array(times)
        for fold in try SplitPlan.timeSeries(4).folds(of: table, problem: problem(time: "t"), seed: 0) {
            let newest = fold.train.map { cells[$0] }.max() ?? ""
            #expect(fold.test.allSatisfy { cells[$0] > newest })
        }
        let held = try HoldOut.newest(share: 0.25).split(table, problem: problem(time: "t"), seed: 0)
        #expect(Set(held.test.map { cells[$0] }) == ["2026-01-06"])
    }

    @Test func timesThatAreNoneAreAnError() throws {
        let table = try Table(columns: [
            TableColumn(name: "t", texts: ["31.1.2026", "1.2.2026", "2.2.2026"]),
            TableColumn(name: "y", texts: ["yes", "no", "yes"]),
        ])
        let error = learningError {
            _ = try SplitPlan.timeSeries(2).folds(of: table, problem: problem(time: "t"), seed: 0)
        }
        #expect(error?.code == .invalidInput && error?.message.contains("31.1.2026") == true)
    }

    @Test func rowsWithoutATargetAreInNoFold() throws {
        let table = try Table(columns: [
            TableColumn(name: "x", numbers: [1, 2, 3, 4, 5]),
            TableColumn(name: "y", texts: ["yes", nil, "no", "yes", "no"]),
        ])
        let folds = try SplitPlan.natural(for: problem(), folds: 2).folds(of: table, problem: problem(), seed: 0)
        #expect(folds.flatMap(\.test).sorted() == [0, 2, 3, 4])
        #expect(
            learningError { _ = try SplitPlan.kFold(5).folds(of: table, problem: problem(), seed: 0) }?.code == .noRows)
        #expect(
            learningError { _ = try SplitPlan.kFold(1).folds(of: table, problem: problem(), seed: 0) }?.code
                == .invalidParameter)
    }

    @Test func randomHoldOutKeepsClassesAndGroups() throws {
        let table = try table(200)
        let held = try HoldOut.random(share: 0.25).split(table, problem: problem(), seed: 9)
        #expect(held.test.count == 50 && held.test.count { $0 % 5 == 0 } == 10)
        #expect((held.train + held.test).sorted() == Array(0..<200))
        let grouped = try HoldOut.random(share: 0.25).split(table, problem: problem(group: "g"), seed: 9)
        let learned = Set(grouped.train.map { $0 * $0 % 7 })
        #expect(!grouped.test.isEmpty && grouped.test.allSatisfy { !learned.contains($0 * $0 % 7) })
    }
}
