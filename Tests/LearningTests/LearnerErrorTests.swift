import Learning
import Statistics
import Testing

@Suite struct LearnerErrorTests {
    private func code(_ table: Table, target: String = "t", features: [String]? = nil, task: ModelTask = yes)
        -> LearningError.Code?
    {
        learningError {
            _ = try BoostedTreeLearner(parameters: small(2)).fit(table, target: target, features: features, task: task)
        }?.code
    }

    private func table(_ target: TableColumn) throws -> Table {
        try Table(columns: [
            TableColumn(name: "x", numbers: (0..<target.count).map(Double.init)), target,
        ])
    }

    @Test func unusableTargets() throws {
        #expect(code(try table(TableColumn(name: "t", texts: ["yes", "yes", nil]))) == .oneClassTarget)
        #expect(code(try table(TableColumn(name: "t", texts: ["no", "no", "maybe"]))) == .oneClassTarget)
        #expect(code(try table(TableColumn(name: "t", texts: []))) == .noRows)
        #expect(code(try table(TableColumn(name: "t", texts: [nil, nil]))) == .targetMissing)
        #expect(code(try table(TableColumn(name: "t", texts: ["yes", "no"])), target: "u") == .unknownColumn)
        let infinite = try table(TableColumn(name: "t", numbers: [1, .infinity]))
        #expect(code(infinite, task: .regression) == .invalidTarget)
        #expect(code(try table(TableColumn(name: "t", numbers: [1, 1e300])), task: .regression) == .invalidTarget)
        #expect(code(try table(TableColumn(name: "t", texts: ["1", "x"])), task: .regression) == .invalidTarget)
        let classes = ModelTask.multiclass(classes: ["a", "b"])
        #expect(code(try table(TableColumn(name: "t", texts: ["a", "b", "c"])), task: classes) == .unknownLabel)
        #expect(code(try table(TableColumn(name: "t", texts: ["a", "a"])), task: classes) == .oneClassTarget)
        #expect(
            code(try table(TableColumn(name: "t", texts: ["a", "a"])), task: .multiclass(classes: ["a"]))
                == .invalidParameter)
    }

    @Test func unusableFeatures() throws {
        let good = try table(TableColumn(name: "t", texts: ["yes", "no"]))
        #expect(code(good, features: ["z"]) == .unknownColumn)
        #expect(code(good, features: ["x", "x"]) == .duplicateColumn)
        #expect(code(good, features: ["x", "t"]) == .invalidParameter)
        #expect(code(good, features: []) == .noFeatures)
        #expect(code(try good.selecting(["t"])) == .noFeatures)
    }

    @Test func parametersOutOfRange() throws {
        let good = try table(TableColumn(name: "t", texts: ["yes", "no"]))
        var mistakes: [BoostingParameters] = []
        for change in [
            { $0.rounds = 0 }, { $0.learningRate = .nan }, { $0.learningRate = 0 }, { $0.maximumDepth = 99 },
            { $0.subsample = 1.5 }, { $0.columnSample = 0 }, { $0.lambda = -1 }, { $0.threads = 0 }, { $0.seed = -1 },
            { $0.maximumBins = 1 }, { $0.minimumChildWeight = .infinity }, { $0.earlyStoppingRounds = 0 },
            { $0.maximumCategories = 0 },
        ] as [(inout BoostingParameters) -> Void] {
            var parameters = small()
            change(&parameters)
            mistakes.append(parameters)
        }
        for parameters in mistakes {
            let error = learningError {
                _ = try BoostedTreeLearner(parameters: parameters).fit(good, target: "t", task: yes)
            }
            #expect(error?.code == .invalidParameter, "\(parameters)")
        }
    }

    @Test func hardButUsableTables() throws {
        // A feature without any value, one with infinities, one constant, and rows without a target.
        let table = try Table(columns: [
            TableColumn(name: "empty", numbers: [.nan, .nan, .nan, .nan]),
            TableColumn(name: "wild", numbers: [.infinity, -.infinity, 1e300, 3]),
            TableColumn(name: "no text", texts: [nil, nil, nil, nil]),
            TableColumn(name: "flag", booleans: [true, nil, false, true]),
            TableColumn(name: "t", texts: ["yes", "no", nil, "no"]),
        ])
        let model = try BoostedTreeLearner(parameters: small(3)).fit(table, target: "t", task: yes)
        #expect(model.rows == 3)
        #expect(model.rowsWithoutTarget == 1)
        let predictions = try model.predict(table)
        #expect(predictions.probabilities.allSatisfy { $0 > 0 && $0 < 1 })
        #expect(predictions.alignment.outOfRange == 3)
    }

    @Test func labelsMatchInEveryForm() throws {
        for target in [
            TableColumn(name: "t", numbers: [1, 0, 1, 0]), TableColumn(name: "t", texts: ["1.0", "0", "1", "0"]),
            TableColumn(name: "t", booleans: [true, false, true, false]),
        ] {
            let model = try BoostedTreeLearner(parameters: small(1)).fit(
                table(target), target: "t", task: .binary(positive: "1"))
            #expect(["0", "false"].contains(model.negativeLabel))
        }
    }
}
