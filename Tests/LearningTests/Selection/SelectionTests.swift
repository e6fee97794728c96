import Statistics
import Testing

@testable import Learning

@Suite struct SelectionTests {
    private func scores(
        _ names: [String], _ problem: LearningProblem, _ score: (FilterScores) throws -> [Double]
    ) throws -> [Double] {
        let source = try PreparationFixture.shared.get().table([
            "amount": "amount", "age": "age", "visits": "visits", "country": "country", "outcome": "outcome",
            "grade": "grade",
        ])
        let columns = WorkingColumns(features: source.columns, others: [], rowCount: source.rowCount)
        return try score(FilterScores(columns: columns, problem: problem, seed: 1))
    }

    private let grades = LearningProblem(task: .multiclass(classes: ["0", "1", "2"]), target: "grade")

    @Test func scoresAreThoseOfScikitLearn() throws {
        let fixture = try PreparationFixture.shared.get()
        let (two, three) = (["amount", "visits"], ["amount", "age", "visits"])
        expectClose(
            try scores(two, grades) { try $0.chiSquares(two) }, try fixture.expectedNumbers("chi2"), "chi2")
        expectClose(
            try scores(three, grades) { try $0.varianceRatios(three) }, try fixture.expectedNumbers("f_classif"), "F")
        expectClose(
            try scores(three, regressionProblem) { try $0.varianceRatios(three) },
            try fixture.expectedNumbers("f_regression"), "F of the correlation")
    }

    @Test func mutualInformationIsThatOfScikitLearn() throws {
        let fixture = try PreparationFixture.shared.get()
        let names = ["amount", "age"]
        expectClose(
            try scores(names, grades) { try $0.information(names, neighbors: 3) },
            try fixture.expectedNumbers("mutual_info_classif"), tolerance: 1e-6, "classes")
        expectClose(
            try scores(names, regressionProblem) { try $0.information(names, neighbors: 3) },
            try fixture.expectedNumbers("mutual_info_regression"), tolerance: 1e-6, "numbers")
        let discrete = try fixture.expectedNumbers("mutual_info discrete")
        let plugIn = try scores([], grades) { try $0.information(["country"], neighbors: 3) }
        let ross = try scores([], regressionProblem) { try $0.information(["country"], neighbors: 3) }
        expectClose(plugIn, [discrete[0]], tolerance: 1e-12, "categories")
        // scikit-learn's distances are roots of squares, whose rounding here lets in one neighbour of one row more: a
        // difference of 1/(30 · 120). By absolute differences there is none.
        expectClose(ross, [discrete[1]], tolerance: 5e-4, "categories and numbers")
        expectClose(ross, try fixture.expectedNumbers("mutual_info ross"), tolerance: 1e-8, "categories and numbers")
    }

    /// x decides the label; the others are noise, one of them constant.
    private func table(rows: Int = 240) throws -> Table {
        var generator = SplitMix(seed: 12)
        let x = (0..<rows).map { _ in generator.normal() }
        let noise = (0..<3).map { index in
            TableColumn(name: "noise\(index)", numbers: (0..<rows).map { _ in generator.normal().magnitude })
        }
        return try Table(
            columns: noise + [
                TableColumn(name: "x", numbers: x.map(\.magnitude)),
                TableColumn(name: "constant", numbers: Array(repeating: 1, count: rows)),
                TableColumn(name: "label", texts: x.map { $0.magnitude > 0.7 ? "yes" : "no" }),
            ])
    }

    private let problem = LearningProblem(task: .binary(positive: "yes"), target: "label")

    @Test(arguments: [
        FeatureSelection.Method.chiSquare, .anovaF, .mutualInformation(neighbors: 3), .importance,
        .permutation(repeats: 2), .recursiveElimination(removedShare: 0.3), .forward, .l1,
    ])
    func theColumnThatDecidesIsKept(method: FeatureSelection.Method) throws {
        let source = try table()
        let step = FeatureSelection(method: method, keep: .count(1))
        let (fitted, training) = try Preparation(.select(step)).fit(
            source, problem: problem, seed: 3)
        #expect(fitted.featureNames == ["x"])
        #expect(training.columnNames == ["x", "label"])
        #expect(try fitted.apply(source.dropping(["label"])).columnNames == ["x"])
        let again = try Preparation(.select(step)).fit(source, problem: problem, seed: 3)
        #expect(again.fitted == fitted)
    }

    @Test func constantColumnsComeLast() throws {
        let source = try table()
        for method in [FeatureSelection.Method.variance, .anovaF, .mutualInformation(neighbors: 3)] {
            let above = try Preparation(.select(FeatureSelection(method: method, keep: .above(0)))).fit(source, problem)
            #expect(!above.fitted.featureNames.contains("constant"), "\(method)")
            let four = try Preparation(.select(FeatureSelection(method: method, keep: .count(4)))).fit(source, problem)
            #expect(!four.fitted.featureNames.contains("constant") && four.fitted.featureNames.count == 4, "\(method)")
        }
    }

    /// A closure of one's own takes the place of the linear learner.
    @Test func anotherRankingMayBeGiven() throws {
        let models = SelectionModels(sparseWeights: { (_, _) throws(LearningError) in ["noise1": -2, "x": 1] })
        let step = FeatureSelection(method: .l1, keep: .count(1))
        let (fitted, _) = try Preparation(steps: [.select(step)]).fit(
            table(), problem: problem, seed: 3, models: models)
        #expect(fitted.featureNames == ["noise1"])
    }

    /// The lasso leaves noise out altogether, whatever the unit of the target.
    @Test(arguments: [1.0, 1e6]) func theLassoLeavesNoiseOut(unit: Double) throws {
        let source = try table()
        let target = TableColumn(name: "outcome", numbers: try source.numbers("x").map { ($0 * 3 + 1) * unit })
        let regression = try Table(columns: source.dropping(["label"]).columns + [target])
        let step = FeatureSelection(method: .l1, keep: .above(0))
        #expect(try Preparation(.select(step)).fit(regression).fitted.featureNames == ["x"])
    }

    @Test func forwardSelectionStopsWhereNothingHelps() throws {
        let step = FeatureSelection(method: .forward, keep: .above(0.02))
        #expect(try Preparation(.select(step)).fit(table(), problem).fitted.featureNames == ["x"])
    }

    @Test func shareAndOtherColumns() throws {
        let names = ColumnSelection.names(["noise0", "noise1", "x", "constant"])
        let step = FeatureSelection(columns: names, method: .anovaF, keep: .share(0.25))
        // noise2 was not judged and stays.
        #expect(try Preparation(.select(step)).fit(table(), problem).fitted.featureNames == ["noise2", "x"])
    }

    @Test func scoresThatDoNotApplyAreErrors() throws {
        let source = try table()
        let negative = try Table(
            columns: [TableColumn(name: "n", numbers: (0..<240).map { Double($0) - 5 })] + source.columns)
        func fit(_ method: FeatureSelection.Method, _ table: Table, _ problem: LearningProblem) -> LearningError? {
            learningError {
                _ = try Preparation(.select(FeatureSelection(method: method, keep: .count(1)))).fit(table, problem)
            }
        }
        #expect(fit(.chiSquare, negative, problem)?.message.contains("\"n\"") == true)
        #expect(fit(.chiSquare, source, LearningProblem(task: .regression, target: "x"))?.code == .invalidParameter)
        #expect(fit(.anovaF, source.dropping(["label"]), problem)?.code == .unknownColumn)
        let texts = try Table(
            columns: source.columns + [TableColumn(name: "c", texts: (0..<240).map { "c\($0 % 3)" })])
        #expect(fit(.variance, texts, problem)?.code == .invalidInput)
        let wide = try Table(
            columns: (0..<100).map { TableColumn(name: "c\($0)", numbers: [1, 2, 3, 4]) }
                + [TableColumn(name: "label", texts: ["yes", "no", "yes", "no"])])
        let forward = learningError {
            _ = try Preparation(.select(FeatureSelection(method: .forward, keep: .count(50)))).fit(wide, problem)
        }
        #expect(forward?.code == .invalidParameter)
    }
}
