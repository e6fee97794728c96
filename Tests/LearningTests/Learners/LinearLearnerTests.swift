import Foundation
import Learning
import Statistics
import Testing
import TidewatchTestKit

@Suite struct LinearLearnerTests {
    /// y = 3 a − 2 b + 5 without noise, and whether it is above 5.
    private func table(rows: Int = 60, seed: UInt64 = 1) throws -> Table {
        var generator = SeededGenerator(seed: seed)
        let a = (0..<rows).map { _ in Double.random(in: -1...1, using: &generator) }
        let b = (0..<rows).map { _ in Double.random(in: -1...1, using: &generator) }
        let y = zip(a, b).map { 3 * $0 - 2 * $1 + 5 }
        return try Table(columns: [
            TableColumn(name: "a", numbers: a), TableColumn(name: "b", numbers: b), TableColumn(name: "y", numbers: y),
            TableColumn(name: "high", texts: y.map { $0 > 5 ? "yes" : "no" }),
        ])
    }

    private let regression = LearningProblem(task: .regression, target: "y", features: ["a", "b"])
    private let binary = LearningProblem(task: yes, target: "high", features: ["a", "b"])

    @Test func leastSquaresFindTheLine() throws {
        let table = try table()
        let model = try LinearLearner(parameters: LinearParameters(alpha: 0)).fitLinear(table, problem: regression)
        let found = model.coefficientsByFeature()
        #expect(abs((found["a"] ?? 0) - 3) < 1e-10 && abs((found["b"] ?? 0) + 2) < 1e-10)
        #expect(abs(model.intercepts[0] - 5) < 1e-10)
        let values = try #require(table["y"])
        for (row, value) in model.predict(table).values.enumerated() {
            #expect(abs(value - values.number(at: row)) < 1e-9)
        }
    }

    @Test func aDependentColumnLeavesThePredictions() throws {
        let plain = try table()
        let doubled = try Table(
            columns: plain.columns + [
                TableColumn(
                    name: "again", numbers: (0..<plain.rowCount).map { 7 - 2 * plain.columns[0].number(at: $0) })
            ])
        var problem = regression
        problem.features = ["a", "b", "again"]
        let model = try LinearLearner(parameters: LinearParameters(alpha: 0)).fitLinear(doubled, problem: problem)
        let values = try #require(doubled["y"])
        for (row, value) in model.predict(doubled).values.enumerated() {
            #expect(abs(value - values.number(at: row)) < 1e-8)
        }
    }

    @Test func separableClassesEndWithoutConvergenceAndSayIt() throws {
        var parameters = LinearParameters(inverseStrength: 1e12)
        parameters.maximumIterations = 5
        let model = try LinearLearner(parameters: parameters).fitLinear(table(), problem: binary)
        #expect(!model.convergence.isConverged && model.convergence.iterations == 5)
        #expect(model.convergence.slope > parameters.tolerance)
        let labels = try #require(table()["high"])
        let right = zip(model.predict(try table()).labels(), labels.texts).count { $0 == $1 }
        #expect(right > 57)
    }

    @Test func reloadedModelsAreEqual() throws {
        let table = try table()
        for problem in [regression, binary] {
            let model = try LinearLearner().fit(table, problem: problem, validation: nil, control: TrainingControl())
            let bytes = try model.serialized()
            #expect(String(decoding: bytes.prefix(8), as: UTF8.self) == "TIDELINR")
            let again = try LinearModel(serialized: bytes)
            #expect(try again.serialized() == bytes)
            #expect(try again.predict(table) == model.predict(table))
            #expect(try LinearLearner().fitLinear(table, problem: problem).serialized() == bytes)
        }
    }

    @Test func everyFlippedBitIsFound() throws {
        let bytes = try LinearLearner().fitLinear(table(), problem: binary).serialized()
        for position in bytes.indices {
            for bit in 0..<8 {
                var damaged = bytes
                damaged[position] ^= 1 << UInt8(bit)
                #expect(learningError { _ = try LinearModel(serialized: damaged) }?.code == .corruptModel)
            }
        }
        for length in 0..<bytes.count {
            let error = learningError { _ = try LinearModel(serialized: Array(bytes.prefix(length))) }
            #expect(error?.code == .corruptModel)
        }
    }

    @Test func aClassWithoutRowsHasProbabilityZero() throws {
        let table = try table()
        let problem = LearningProblem(
            task: .multiclass(classes: ["maybe", "no", "yes"]), target: "high", features: ["a", "b"])
        let model = try LinearLearner().fitLinear(table, problem: problem)
        #expect(model.outputLabels == ["no", "yes"])
        let predictions = model.predict(table)
        #expect(
            stride(from: 0, to: predictions.probabilities.count, by: 3).allSatisfy {
                predictions.probabilities[$0] == 0
            })
        #expect(try LinearModel(serialized: model.serialized()) == model)
    }

    @Test func cellsThatDoNotFitLeaveTheRowWithoutPrediction() throws {
        let model = try LinearLearner().fitLinear(table(), problem: binary)
        let served = try Table(columns: [
            TableColumn(name: "a", texts: ["0.5", "much", nil, "1"]),
            TableColumn(name: "b", numbers: [0, 1, 2, .infinity]),
        ])
        let predictions = model.predict(served)
        #expect(predictions.probabilities.map(\.isNaN) == [false, true, true, true])
        #expect(predictions.alignment.unreadable == 1 && predictions.alignment.outOfRange == 1)
        #expect(model.predict(try served.selecting(["a"])).alignment.absentColumns == 1)
    }

    @Test func everyMistakeHasItsError() throws {
        let good = try table()
        func error(_ column: TableColumn, problem: LearningProblem? = nil) throws -> LearningError? {
            let changed = try Table(columns: good.columns.filter { $0.name != column.name } + [column])
            return learningError { _ = try LinearLearner().fitLinear(changed, problem: problem ?? binary) }
        }
        let rows = good.rowCount
        let text = try error(TableColumn(name: "a", texts: (0..<rows).map { "c\($0 % 3)" }))
        #expect(text?.code == .invalidInput && text?.advice.contains("one-hot") == true)
        let missing = try error(TableColumn(name: "a", numbers: (0..<rows).map { $0 == 7 ? .nan : 1 }))
        #expect(missing?.code == .invalidInput && missing?.advice.contains("imputation") == true)
        let infinite = try error(TableColumn(name: "a", numbers: (0..<rows).map { $0 == 7 ? .infinity : 1 }))
        #expect(infinite?.code == .invalidInput && infinite?.message.contains("row 8") == true)
        #expect(try error(TableColumn(name: "high", texts: (0..<rows).map { _ in "yes" }))?.code == .oneClassTarget)
        var weighted = binary
        weighted.weight = "w"
        #expect(
            try error(TableColumn(name: "w", numbers: (0..<rows).map { _ in -1 }), problem: weighted)?.code
                == .invalidInput)
        #expect(
            try error(TableColumn(name: "w", numbers: (0..<rows).map { _ in 0 }), problem: weighted)?.code
                == .invalidInput)
        weighted.weight = nil
        weighted.classWeights = .given(["yes": 0])
        #expect(learningError { _ = try LinearLearner().fitLinear(good, problem: weighted) }?.code == .oneClassTarget)
        var numeric = regression
        numeric.classWeights = .balanced
        #expect(learningError { _ = try LinearLearner().fitLinear(good, problem: numeric) }?.code == .invalidParameter)
        for check in [1, 2, 3, 5] {
            let control = cancelled(at: check)
            let error = learningError { _ = try LinearLearner().fitLinear(good, problem: binary, control: control) }
            #expect(error?.code == .cancelled)
        }
        let wide = try Table(
            columns: (0..<5_000).map { TableColumn(name: "x\($0)", numbers: [1, 2]) }
                + [TableColumn(name: "y", numbers: [1, 2])])
        let tooWide = LearningProblem(task: .regression, target: "y")
        #expect(learningError { _ = try LinearLearner().fitLinear(wide, problem: tooWide) }?.code == .invalidInput)
    }

    @Test func constantColumnsAndThreeRows() throws {
        let table = try Table(columns: [
            TableColumn(name: "a", numbers: [1, 2, 3]), TableColumn(name: "same", numbers: [0.1, 0.1, 0.1]),
            TableColumn(name: "flag", booleans: [true, false, true]), TableColumn(name: "y", numbers: [4, 4, 4]),
            TableColumn(name: "t", texts: ["yes", "no", nil]),
        ])
        let flat = try LinearLearner().fitLinear(
            table, problem: LearningProblem(task: .regression, target: "y", features: ["a", "same", "flag"]))
        #expect(flat.predict(table).values == [4, 4, 4])
        let model = try LinearLearner().fitLinear(
            table, problem: LearningProblem(task: yes, target: "t", features: ["a", "same", "flag"]))
        #expect(model.rows == 2 && model.rowsWithoutTarget == 1 && model.magnitudes()["same"] == 0)
        #expect(model.predict(table).labels().prefix(2) == ["yes", "no"])
    }

    @Test func parametersOutOfRange() throws {
        let table = try table()
        let changes: [(inout LinearParameters) -> Void] = [
            { $0.alpha = -1 }, { $0.inverseStrength = 0 }, { $0.l1Ratio = 2 }, { $0.tolerance = .nan },
            { $0.maximumIterations = 0 },
        ]
        for change in changes {
            var parameters = LinearParameters()
            change(&parameters)
            let error = learningError {
                _ = try LinearLearner(parameters: parameters).fitLinear(table, problem: binary)
            }
            #expect(error?.code == .invalidParameter, "\(parameters)")
        }
    }
}

extension TableColumn {
    fileprivate var texts: [String] { (0..<count).map { text(at: $0) ?? "" } }
}
