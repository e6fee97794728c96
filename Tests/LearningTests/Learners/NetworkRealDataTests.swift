import Learning
import Statistics
import Testing
import TidewatchTestKit

/// On some rows of the data sets of `TIDEWATCH_DATA`, as a debug build is slow.
@Suite(.enabled(if: dataFolder != nil)) struct NetworkRealDataTests {
    private func sample(_ name: String, rows: Int, holdOut: Int) throws -> (training: Table, holdOut: Table) {
        let table = try realTable(name)
        var generator = SeededGenerator(seed: 1)
        let order = Array(0..<table.rowCount).shuffled(using: &generator)
        return (table.rows(Array(order.prefix(rows))), table.rows(Array(order[rows..<(rows + holdOut)])))
    }

    private func parameters() -> PerceptronParameters {
        var parameters = PerceptronParameters()
        parameters.hidden = [32, 16]
        parameters.batchSize = 64
        parameters.learningRate = 0.005
        parameters.epochs = 10
        parameters.patience = 3
        return parameters
    }

    private func metric(_ name: String, _ model: some TrainedModel, on table: Table) throws -> Double {
        let labels = try #require(table[model.target])
        return try Evaluation.evaluate(model.predict(table), labels: labels).metrics[name] ?? .nan
    }

    @Test func census() throws {
        let (training, holdOut) = try sample("adult_census", rows: 4_000, holdOut: 4_000)
        var problem = LearningProblem(task: .binary(positive: ">50K"), target: "class")
        let perceptron = try PerceptronLearner(parameters: parameters()).fitPerceptron(training, problem: problem)
        #expect(try metric("roc_auc", perceptron, on: holdOut) > 0.88)
        problem.features = ["age", "education-num", "capital-gain", "capital-loss", "hours-per-week"]
        let linear = try LinearLearner().fitLinear(training, problem: problem)
        #expect(linear.convergence.isConverged)
        #expect(try metric("roc_auc", linear, on: holdOut) > 0.81)
    }

    @Test func bikes() throws {
        let (training, holdOut) = try sample("bike_sharing_hour", rows: 4_000, holdOut: 2_000)
        let features = ["season", "yr", "mnth", "hr", "holiday", "weekday", "workingday", "temp", "hum", "windspeed"]
        let problem = LearningProblem(task: .regression, target: "cnt", features: features)
        var parameters = parameters()
        parameters.dropout = 0
        parameters.epochs = 25
        let perceptron = try PerceptronLearner(parameters: parameters).fitPerceptron(training, problem: problem)
        let linear = try LinearLearner().fitLinear(training, problem: problem)
        let line = try metric("r2", linear, on: holdOut)
        #expect(line > 0.35 && line < 0.45)
        let curve = try metric("r2", perceptron, on: holdOut)
        #expect(curve > 0.75)
    }

    @Test func bikesHaveSegments() throws {
        let table = try realTable("bike_sharing_hour").rows(0..<3_000)
        var parameters = KMeansParameters(restarts: 2)
        parameters.silhouetteRows = 500
        let (model, choices) = try KMeansLearner(parameters: parameters).fit(
            table, choosing: 2...4, features: ["temp", "hum", "windspeed"])
        #expect(choices.count == 3 && model.sizes.allSatisfy { $0 > 100 })
        #expect((model.silhouette ?? 0) > 0.3)
    }
}
