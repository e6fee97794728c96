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
}
