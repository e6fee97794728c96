import Statistics
import Testing

@testable import Learning

@Suite struct OutlierTests {
    /// 1…9 and one far away: quartiles 3.25 and 7.75, fences at −3.5 and 14.5.
    private func table() throws -> Table {
        try Table(columns: [
            TableColumn(name: "x", numbers: [1, 2, 3, 4, 5, 6, 7, 8, 9, 100, .nan]),
            TableColumn(name: "outcome", numbers: Array(0..<11).map { Double($0) }),
        ])
    }

    private func fit(_ method: OutlierTreatment.Method, _ action: OutlierTreatment.Action) throws -> (
        fitted: FittedPreparation, training: Table
    ) {
        try Preparation(.treatOutliers(OutlierTreatment(method: method, action: action))).fit(table())
    }

    @Test func clippedCellsLieAtTheFence() throws {
        let (fitted, training) = try fit(.interquartile(multiple: 1.5), .clip)
        let numbers = try training.numbers("x")
        #expect(numbers[9] == 14.5 && numbers[8] == 9 && numbers[10].isNaN)
        #expect(
            try fitted.apply(Table(columns: [TableColumn(name: "x", numbers: [-50, 14.5])])).numbers("x") == [
                -3.5, 14.5,
            ])
    }

    @Test func zScoresUseTheStandardDeviation() throws {
        // Mean 14.5, deviation 28.61…: 100 is 2.99 deviations away.
        let near = try fit(.zScore(limit: 2.98), .flag).training.numbers("x__outlier")
        let far = try fit(.zScore(limit: 3), .flag).training.numbers("x__outlier")
        #expect(near == [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0])
        #expect(far.allSatisfy { $0 == 0 })
    }

    @Test func droppingTouchesTrainingRowsOnly() throws {
        let (fitted, training) = try fit(.interquartile(multiple: 1.5), .drop)
        #expect(training.rowCount == 10 && fitted.droppedRows == 1)
        #expect(try training.numbers("outcome") == [0, 1, 2, 3, 4, 5, 6, 7, 8, 10])
        #expect(try fitted.apply(table()).rowCount == 11)
    }

    /// The two implementations draw different numbers: each score lies in the spread of scikit-learn's over seeds.
    @Test func forestScoresAreDistributedAsScikitLearns() throws {
        let forest = try PreparationFixture.shared.get().forest
        let cells = [forest.x, forest.y]
        let runs = (0..<5).map { seed in
            IsolationForest(cells, parameters: IsolationForestParameters(), seed: UInt64(seed))
                .scores(cells, rows: forest.x.count)
        }
        var squares = 0.0
        for row in forest.x.indices {
            let mean = runs.reduce(0) { $0 + $1[row] } / 5
            squares += (mean - forest.mean[row]) * (mean - forest.mean[row])
            #expect(abs(mean - forest.mean[row]) < 0.05, "row \(row)")
        }
        #expect((squares / Double(forest.x.count)).squareRoot() < 0.012)
        let spread = forest.x.indices.map { row -> Double in
            let mean = runs.reduce(0) { $0 + $1[row] } / 5
            return (runs.reduce(0) { $0 + ($1[row] - mean) * ($1[row] - mean) } / 4).squareRoot()
        }
        let ratio = spread.reduce(0, +) / forest.deviation.reduce(0, +)
        #expect(ratio > 0.7 && ratio < 1.4)
    }

    @Test func aForestFlagsTheShareThatItIsTold() throws {
        let forest = try PreparationFixture.shared.get().forest
        let source = try Table(columns: [
            TableColumn(name: "x", numbers: forest.x), TableColumn(name: "y", numbers: forest.y),
        ])
        let method = OutlierTreatment.Method.isolationForest(IsolationForestParameters(contamination: 0.05))
        let flagged = try Preparation(.treatOutliers(OutlierTreatment(method: method, action: .flag))).fit(source)
        let flags = try flagged.training.numbers("isolation_forest__outlier")
        #expect(flags.reduce(0, +) == 10)
        let dropped = try Preparation(.treatOutliers(OutlierTreatment(method: method, action: .drop))).fit(source)
        #expect(dropped.training.rowCount == 190)
        #expect(try FittedPreparation(serialized: flagged.fitted.serialized()).apply(source) == flagged.training)
    }

    @Test func aForestCannotClip() {
        let error = learningError { _ = try fit(.isolationForest(IsolationForestParameters()), .clip) }
        #expect(error?.code == .invalidParameter)
    }

    @Test func constantAndEmptyColumnsHaveNoOutliers() throws {
        let source = try Table(columns: [
            TableColumn(name: "constant", numbers: [1, 1, 1]), TableColumn(name: "empty", numbers: [.nan, .nan, .nan]),
        ])
        for method in [
            OutlierTreatment.Method.interquartile(multiple: 1.5), .zScore(limit: 3),
            .isolationForest(IsolationForestParameters()),
        ] {
            let step = PreparationStep.treatOutliers(OutlierTreatment(method: method, action: .drop))
            #expect(try Preparation(step).fit(source).training.rowCount == 3)
        }
    }
}
