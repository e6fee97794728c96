import Learning
import Statistics
import Testing

@Suite struct ModelArtifactTests {
    private static let problem = LearningProblem(task: yes, target: "label")

    /// A calibrated ensemble of trees: models inside models.
    private func model() throws -> (model: CalibratedModel, table: Table) {
        let table = try exclusiveOr(rows: 200, seed: 4)
        let members = try [3, 6].map {
            try BoostedTreeLearner(parameters: small($0)).fit(
                table, problem: Self.problem, validation: nil, control: TrainingControl())
        }
        let ensemble = try EnsembleModel.averaging(members)
        let labels = try #require(table["label"])
        return (try CalibratedModel(ensemble, outOfFold: ensemble.predict(table), labels: labels), table)
    }

    @Test func everyKindComesBackTheSame() throws {
        let (model, table) = try model()
        let bytes = try model.serialized()
        let loaded = try ModelArtifact.load(bytes)
        #expect(try loaded.serialized() == bytes)
        #expect(try loaded.predict(table) == model.predict(table))
        #expect(loaded.task == yes && loaded.target == "label" && loaded.featureNames == ["a", "b"])
        let tree = try ModelArtifact.load(
            try #require((loaded as? CalibratedModel)?.base as? EnsembleModel).members[0].serialized())
        #expect(tree is BoostedTreeModel)
    }

    @Test func damageIsFoundAnywhere() throws {
        let bytes = try model().model.serialized()
        for index in stride(from: 0, to: bytes.count, by: 97) {
            var damaged = bytes
            damaged[index] ^= 0x10
            #expect(learningError { _ = try ModelArtifact.load(damaged) }?.code == .corruptModel)
        }
        for length in [0, 7, 8, 31, 200, bytes.count - 1] {
            #expect(learningError { _ = try ModelArtifact.load(Array(bytes.prefix(length))) }?.code == .corruptModel)
        }
    }

    @Test func taskIsFoundAndExplained() throws {
        func task(_ column: TableColumn, positive: String? = nil) throws -> ModelTask {
            try TaskInference(column, positive: positive).task
        }
        #expect(try task(TableColumn(name: "y", numbers: [0, 1, 1, .nan])) == .binary(positive: "1"))
        #expect(try task(TableColumn(name: "y", texts: ["<=50K", ">50K", "<=50K"])) == .binary(positive: ">50K"))
        #expect(try task(TableColumn(name: "y", texts: ["no", "yes", "yes"])) == .binary(positive: "yes"))
        #expect(try task(TableColumn(name: "y", booleans: [true, true, false])) == .binary(positive: "true"))
        #expect(
            try task(TableColumn(name: "y", numbers: [3, 10, 5, 4, 4])) == .multiclass(classes: ["3", "4", "5", "10"]))
        #expect(try task(TableColumn(name: "y", numbers: [3, 4.5, 5, 4, 4])) == .regression)
        #expect(try task(TableColumn(name: "y", numbers: (0..<50).map(Double.init))) == .regression)
        #expect(try task(TableColumn(name: "y", texts: ["b", "c", "a"])) == .multiclass(classes: ["a", "b", "c"]))
        #expect(try task(TableColumn(name: "y", texts: ["b", "c", "a"]), positive: "c") == .binary(positive: "c"))
        let reason = try TaskInference(TableColumn(name: "paid", texts: ["a", "b", "a"])).reason
        #expect(reason == "\"paid\" has two values; positive is \"b\", the rarer one")
    }

    @Test func targetsThatNothingCanBeLearnedFrom() throws {
        func code(_ column: TableColumn, positive: String? = nil) -> LearningError.Code? {
            learningError { _ = try TaskInference(column, positive: positive) }?.code
        }
        #expect(code(TableColumn(name: "y", numbers: [.nan, .nan])) == .targetMissing)
        #expect(code(TableColumn(name: "y", texts: ["a", "a", nil])) == .oneClassTarget)
        #expect(code(TableColumn(name: "y", texts: (0..<101).map { "name \($0)" })) == .invalidTarget)
        #expect(code(TableColumn(name: "y", texts: ["a", "b"]), positive: "c") == .unknownLabel)
    }
}
