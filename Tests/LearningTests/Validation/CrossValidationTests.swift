import Learning
import Statistics
import Testing

@Suite struct CrossValidationTests {
    private let problem = LearningProblem(task: yes, target: "label")

    @Test func outOfFoldIsWhatEachFoldsModelSays() throws {
        let table = try exclusiveOr(rows: 400, seed: 1)
        let folds = try SplitPlan.stratified(4).folds(of: table, problem: problem, seed: 5)
        let learner = BoostedTreeLearner(parameters: small(10))
        let found = try CrossValidation.run(learner, table: table, problem: problem, folds: folds)
        for fold in folds {
            let model = try learner.fit(
                table.rows(fold.train), problem: problem, validation: nil, control: TrainingControl())
            let said = try model.predict(table.rows(fold.test)).probabilities
            #expect(fold.test.map { found.outOfFold.probabilities[$0] } == said)
        }
        let areas = found.folds.compactMap { $0[.rocAUC] }
        let mean = areas.reduce(0, +) / 4
        #expect(found.mean(.rocAUC) == mean && mean > 0.9)
        let squares = areas.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        #expect(found.deviation(.rocAUC) == (squares / 3).squareRoot())
        #expect(found.mean(.rmse) == nil)
    }

    @Test func isJudgedAnewByAnotherThreshold() throws {
        let plain = try exclusiveOr(rows: 200, seed: 1)
        let weights = TableColumn(name: "w", numbers: (0..<200).map { Double($0 % 3) })
        let table = try Table(columns: plain.columns + [weights])
        let folds = try SplitPlan.stratified(4).folds(of: table, problem: problem, seed: 5)
        let learner = BoostedTreeLearner(parameters: small(3))
        for weight in [nil, "w"] {
            let problem = LearningProblem(task: yes, target: "label", weight: weight)
            let found = try CrossValidation.run(learner, table: table, problem: problem, folds: folds)
            func judged(_ threshold: Double) throws -> CrossValidation {
                try CrossValidation(
                    judging: found.outOfFold, table: table, problem: problem, folds: folds, threshold: threshold)
            }
            #expect(try judged(0.5) == found)
            #expect(try judged(0).mean(.recall) == 1 && judged(.infinity).mean(.recall) == 0)
            #expect(try judged(0.3).mean(.rocAUC) == found.mean(.rocAUC))
        }
        // By hand: the share of right decisions, fold by fold.
        let found = try CrossValidation.run(learner, table: table, problem: problem, folds: folds)
        let labels = try #require(table["label"])
        let shares = folds.map { fold in
            let hits = fold.test.count { (found.outOfFold.probabilities[$0] >= 0.3) == (labels.text(at: $0) == "yes") }
            return Double(hits) / Double(fold.test.count)
        }
        let judged = try CrossValidation(
            judging: found.outOfFold, table: table, problem: problem, folds: folds, threshold: 0.3)
        #expect(judged.folds.map { $0[.accuracy] } == shares && judged.mean(.accuracy) != found.mean(.accuracy))
    }

    @Test func stopsWhereItIsToldTo() throws {
        let table = try exclusiveOr(rows: 200, seed: 1)
        let folds = try SplitPlan.kFold(5).folds(of: table, problem: problem, seed: 5)
        let found = try CrossValidation.run(
            BoostedTreeLearner(parameters: small(2)), table: table, problem: problem, folds: folds,
            goesOn: { $0.count < 2 })
        #expect(found.folds.count == 2)
        let judged = Set(folds[0].test + folds[1].test)
        #expect((0..<200).allSatisfy { found.outOfFold.probabilities[$0].isNaN != judged.contains($0) })
    }

    @Test func hearsCancellation() throws {
        let table = try exclusiveOr(rows: 100, seed: 1)
        let folds = try SplitPlan.kFold(2).folds(of: table, problem: problem, seed: 5)
        let error = learningError {
            _ = try CrossValidation.run(
                BoostedTreeLearner(parameters: small(2)), table: table, problem: problem, folds: folds,
                control: TrainingControl(isCancelled: { true }))
        }
        #expect(error?.code == .cancelled)
    }

    @Test func moreRowsAreBetter() throws {
        let table = try exclusiveOr(rows: 600, seed: 2)
        let folds = try SplitPlan.stratified(3).folds(of: table, problem: problem, seed: 5)
        let curve = try LearningCurve(
            BoostedTreeLearner(parameters: small(10)), table: table, problem: problem, folds: folds, metric: .rocAUC,
            shares: [0.1, 1], seed: 4)
        #expect(curve.points.map(\.rows) == [40, 400])
        #expect(curve.points[0].mean + 0.05 < curve.points[1].mean)
    }

    /// The last point is the cross-validation that is known already; a share of one class only has no point.
    @Test func aKnownCrossValidationIsTheLastPoint() throws {
        let table = try exclusiveOr(rows: 600, seed: 2)
        let folds = try SplitPlan.stratified(3).folds(of: table, problem: problem, seed: 5)
        let learner = BoostedTreeLearner(parameters: small(10))
        let known = try CrossValidation.run(learner, table: table, problem: problem, folds: folds)
        func curve(_ known: CrossValidation?) throws -> LearningCurve {
            try LearningCurve(
                learner, table: table, problem: problem, folds: Array(folds.prefix(2)), metric: .rocAUC,
                shares: [0.001, 0.5, 1], seed: 4, known: known)
        }
        #expect(try curve(known) == curve(nil))
        #expect(try curve(known).points.map(\.rows) == [200, 400])
    }

    /// Rows of a file need not be in the order of their times.
    @Test func shrinksToTheNewestRows() throws {
        let rows = 300
        let times = (0..<rows).map { Double(($0 * 7) % rows) }
        // Only the older half has both classes in both signs of x; the newest 50 rows say the opposite of the oldest.
        let table = try Table(columns: [
            TableColumn(name: "x", numbers: times.map { $0.truncatingRemainder(dividingBy: 2) }),
            TableColumn(name: "day", numbers: times),
            TableColumn(
                name: "y", numbers: times.map { ($0 < 100 ? 1 : -1) * $0.truncatingRemainder(dividingBy: 2) }),
        ])
        let dated = LearningProblem(task: .regression, target: "y", time: "day")
        let folds = try SplitPlan.timeSeries(2).folds(of: table, problem: dated, seed: 1)
        let curve = try LearningCurve(
            BoostedTreeLearner(parameters: small(20)), table: table, problem: dated, folds: [folds[1]], metric: .rmse,
            shares: [0.3, 1], seed: 4)
        // The newest 60 of 200 rows are of the new world alone; all of them mix the two.
        #expect(curve.points.count == 2 && curve.points[0].mean < 0.1 && curve.points[1].mean > 0.3)
    }
}
