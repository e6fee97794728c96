import Learning
import Statistics
import Testing
import TidewatchTestKit

@Suite struct ModelContainerTests {
    private func model() throws -> BoostedTreeModel {
        try BoostedTreeLearner(parameters: small(5)).fit(
            exclusiveOr(rows: 300, seed: 1), target: "label", task: yes)
    }

    @Test func reloadedModelsPredictBitIdentically() throws {
        let model = try model()
        let bytes = try model.serialized()
        let reloaded = try BoostedTreeModel(serialized: bytes)
        let fresh = try exclusiveOr(rows: 1_000, seed: 2)
        let (before, after) = (try model.predict(fresh), try reloaded.predict(fresh))
        #expect(before.probabilities.map(\.bitPattern) == after.probabilities.map(\.bitPattern))
        #expect(try reloaded.serialized() == bytes)
        #expect(reloaded.schema == model.schema)
        #expect(reloaded.task == yes)
        #expect(reloaded.target == "label")
        #expect(reloaded.parameters == small(5))
        #expect(reloaded.rows == 300)
    }

    @Test func everyFlippedBitIsFound() throws {
        let bytes = try model().serialized()
        var generator = SeededGenerator(seed: 3)
        let positions = Array(0..<64) + (0..<1_500).map { _ in Int.random(in: 0..<bytes.count, using: &generator) }
        for position in positions {
            var damaged = bytes
            damaged[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            #expect(learningError { _ = try BoostedTreeModel(serialized: damaged) }?.code == .corruptModel)
        }
    }

    @Test func cutAndForeignBytesAreRefused() throws {
        let bytes = try model().serialized()
        var generator = SeededGenerator(seed: 4)
        for length in [0, 1, 8, 23, 24, 31, 32, 33, bytes.count - 1]
            + (0..<200).map({ _ in Int.random(in: 0..<bytes.count, using: &generator) })
        {
            let error = learningError { _ = try BoostedTreeModel(serialized: Array(bytes.prefix(length))) }
            #expect(error?.code == .corruptModel)
        }
        let noise = (0..<5_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
        #expect(learningError { _ = try BoostedTreeModel(serialized: noise) }?.code == .corruptModel)
        #expect(learningError { _ = try BoostedTreeModel(serialized: bytes + [0]) }?.code == .corruptModel)
    }

    @Test func baseScoreIsOneNumberWithoutBrackets() throws {
        let bytes = try model().boosterUBJ()
        let key = Array("base_score".utf8)
        let start = try #require(bytes.indices.dropLast(64).first { bytes[$0..<($0 + key.count)].elementsEqual(key) })
        let value = String(decoding: bytes[(start + key.count)..<(start + key.count + 24)], as: UTF8.self)
        #expect(!value.contains("["))
        #expect(value.contains("E-1"))
    }
}
