import Learning
import Statistics
import Testing
import TidewatchTestKit

@Suite struct PerceptronErrorTests {
    private func quick() -> PerceptronParameters {
        var parameters = PerceptronParameters()
        parameters.hidden = [4]
        parameters.epochs = 2
        return parameters
    }

    private func error(
        _ table: Table, _ problem: LearningProblem, _ parameters: PerceptronParameters? = nil,
        validation: Table? = nil, control: TrainingControl = TrainingControl()
    ) -> LearningError? {
        learningError {
            _ = try PerceptronLearner(parameters: parameters ?? quick()).fit(
                table, problem: problem, validation: validation, control: control)
        }
    }

    private let problem = LearningProblem(task: yes, target: "label")

    @Test func hardButUsableTables() throws {
        // Three rows; a column without any value, one with infinities, one constant, one category per row.
        let table = try Table(columns: [
            TableColumn(name: "empty", numbers: [.nan, .nan, .nan]),
            TableColumn(name: "wild", numbers: [.infinity, -1e300, 3]),
            TableColumn(name: "same", numbers: [7, 7, 7]),
            TableColumn(name: "flag", booleans: [true, nil, false]),
            TableColumn(name: "id", texts: ["x", "y", nil]),
            TableColumn(name: "none", texts: [nil, nil, nil]),
            TableColumn(name: "label", texts: ["yes", "no", "no"]),
        ])
        for batchNorm in [true, false] {
            var parameters = quick()
            parameters.hasBatchNorm = batchNorm
            parameters.batchSize = 2
            let model = try PerceptronLearner(parameters: parameters).fitPerceptron(table, problem: problem)
            #expect(model.rows == 3 && model.validationRows == 0)
            let predictions = model.predict(table)
            #expect(predictions.probabilities.allSatisfy { $0 > 0 && $0 < 1 })
            #expect(predictions.alignment.outOfRange == 2)
            #expect(model.predict(try table.selecting(["label"])).alignment.absentColumns == 6)
        }
        var linear = quick()
        linear.hidden = []
        #expect(error(table, problem, linear) == nil)
        let flat = LearningProblem(task: .regression, target: "same", features: ["flag", "id"])
        let model = try PerceptronLearner(parameters: quick()).fitPerceptron(table, problem: flat)
        #expect(model.predict(table).values.allSatisfy { abs($0 - 7) < 2 })
    }

    @Test func unusableTables() throws {
        let one = try Table(columns: [
            TableColumn(name: "x", numbers: [1, 2]), TableColumn(name: "label", texts: ["yes", "yes"]),
        ])
        #expect(error(one, problem)?.code == .oneClassTarget)
        let table = try exclusiveOr(rows: 20, seed: 1)
        #expect(error(try table.selecting(["label"]), problem)?.code == .noFeatures)
        #expect(error(table, LearningProblem(task: yes, target: "z"))?.code == .unknownColumn)
        for check in [1, 2, 4] { #expect(error(table, problem, control: cancelled(at: check))?.code == .cancelled) }
        let other = error(table, problem, validation: table.dropping(["label"]))
        #expect(other?.code == .unknownColumn && other?.message.contains("validation") == true)
        var wide = quick()
        wide.hidden = Array(repeating: 4_096, count: 3)
        #expect(error(table, problem, wide)?.code == .invalidInput)
    }

    @Test func aLossWithoutBoundsEndsWithAnError() throws {
        let x = (0..<60).map { Double($0) }
        func table(_ x: [Double]) throws -> Table {
            try Table(columns: [TableColumn(name: "x", numbers: x), TableColumn(name: "y", numbers: x.map { $0 / 2 })])
        }
        var parameters = quick()
        parameters.hidden = []
        let problem = LearningProblem(task: .regression, target: "y")
        let found = error(try table(x), problem, parameters, validation: try table([1, 1e30]))
        #expect(found?.code == .invalidParameter && found?.advice.contains("extreme") == true)
        #expect(error(try table(x), problem, parameters, validation: try table([1, 2])) == nil)
    }

    @Test func parametersOutOfRange() throws {
        let table = try exclusiveOr(rows: 20, seed: 1)
        let changes: [(inout PerceptronParameters) -> Void] = [
            { $0.hidden = [0] }, { $0.hidden = Array(repeating: 2, count: 9) }, { $0.dropout = 1 },
            { $0.learningRate = .nan }, { $0.weightDecay = -1 }, { $0.batchSize = 0 }, { $0.epochs = 0 },
            { $0.patience = 0 }, { $0.validationShare = 0.9 }, { $0.embeddingSize = 0 }, { $0.maximumCategories = 0 },
            { $0.seed = -1 },
        ]
        for change in changes {
            var parameters = quick()
            change(&parameters)
            #expect(error(table, problem, parameters)?.code == .invalidParameter, "\(parameters)")
        }
    }

    @Test func reloadedModelsPredictBitIdentically() throws {
        let table = try exclusiveOr(rows: 60, seed: 2)
        var parameters = quick()
        parameters.patience = nil
        let model = try PerceptronLearner(parameters: parameters).fitPerceptron(table, problem: problem)
        let bytes = try model.serialized()
        #expect(String(decoding: bytes.prefix(8), as: UTF8.self) == "TIDEMLP1")
        let again = try PerceptronModel(serialized: bytes)
        #expect(again == model && again.parameters.patience == nil)
        #expect(
            again.predict(table).probabilities.map(\.bitPattern) == model.predict(table).probabilities.map(\.bitPattern)
        )
        #expect(try again.serialized() == bytes)
        for position in bytes.indices {
            var damaged = bytes
            damaged[position] ^= 1 << UInt8(position % 8)
            #expect(learningError { _ = try PerceptronModel(serialized: damaged) }?.code == .corruptModel)
        }
        for length in stride(from: 0, to: bytes.count, by: 7) {
            let error = learningError { _ = try PerceptronModel(serialized: Array(bytes.prefix(length))) }
            #expect(error?.code == .corruptModel)
        }
    }
}
