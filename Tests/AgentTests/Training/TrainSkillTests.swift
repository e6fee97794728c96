import Testing
import TidewatchTestKit

@testable import Agent

/// A model that is no better than saying the same of every row is said to be none.
@Suite struct TrainSkillTests {
    private let folder: TrainFolder

    init() throws { folder = try TrainFolder() }

    /// 400 rows of a feature between 0 and 1, a draw that has nothing to do with it, and their target.
    private func warnings(_ target: (_ x: Double, _ draw: Double) -> String) throws -> [String] {
        var stream = DriftStream(seed: 5)
        var text = "x,y\n"
        for _ in 0..<400 {
            let x = stream.uniform()
            text += "\(x),\(target(x, stream.uniform()))\n"
        }
        var options = try folder.options(text, target: "y")
        options.trials = 1
        options.hasLearningCurve = false
        return try train(options).warnings.filter { $0.contains("no better than") }
    }

    @Test func targetsByChance() throws {
        let binary = try warnings { $1 < 0.5 ? "yes" : "no" }
        #expect(binary.count == 1 && binary[0].contains("roc_auc") && binary[0].contains("chance"), "\(binary)")
        let classes = try warnings { $1 < 0.5 ? "a" : ($1 < 0.8 ? "b" : "c") }
        #expect(classes.count == 1 && classes[0].contains("accuracy") && classes[0].contains("\"a\""), "\(classes)")
        let numbers = try warnings { "\($1)" }
        #expect(numbers.count == 1 && numbers[0].contains("rmse") && numbers[0].contains("mean"), "\(numbers)")
    }

    @Test func targetsWithASignal() throws {
        #expect(try warnings { $0 + $1 < 1 ? "yes" : "no" }.isEmpty)
        #expect(try warnings { $0 + $1 / 5 < 0.4 ? "a" : ($0 + $1 / 5 < 0.8 ? "b" : "c") }.isEmpty)
        #expect(try warnings { "\(2 * $0 + $1)" }.isEmpty)
    }
}
