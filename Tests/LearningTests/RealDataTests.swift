import Learning
import Statistics
import Testing
import TidewatchTestKit

/// On the data sets of `TIDEWATCH_DATA`.
@Suite(.enabled(if: dataFolder != nil)) struct RealDataTests {
    /// PLATFORM.md: XGBoost reaches 0.9005 on a hold-out of the census with 300 trees.
    @Test func censusHoldOut() throws {
        let table = try realTable("adult_census")
        var generator = SeededGenerator(seed: 1)
        let order = Array(0..<table.rowCount).shuffled(using: &generator)
        let split = TimeSplit.newest(0.25, of: table.rowCount)
        let model = try BoostedTreeLearner(parameters: BoostingParameters(rounds: 100)).fit(
            table.rows(Array(order[split.train])), target: "class", task: .binary(positive: ">50K"))
        let evaluation = try Evaluation.evaluate(
            model, on: table.rows(Array(order[split.holdout])), target: "class")
        #expect((evaluation.metrics["roc_auc"] ?? 0) > 0.92)
        #expect((evaluation.metrics["accuracy"] ?? 0) > 0.86)
        #expect(try model.featureImportance().first?.name == "relationship")
    }

    @Test func elec2NextRows() throws {
        let table = try realTable("elec2_electricity_nsw")
        let model = try BoostedTreeLearner(parameters: BoostingParameters(rounds: 100)).fit(
            table.rows(0..<10_000), target: "class", task: .binary(positive: "UP"))
        let evaluation = try Evaluation.evaluate(model, on: table.rows(10_000..<15_000), target: "class")
        let accuracy = evaluation.metrics["accuracy"] ?? 0
        #expect(accuracy > 0.78)
    }

    @Test func wineQualityAsClasses() throws {
        let table = try realTable("wine_quality").dropping(["quality"])
        var generator = SeededGenerator(seed: 2)
        let order = Array(0..<table.rowCount).shuffled(using: &generator)
        let model = try BoostedTreeLearner(parameters: small(20)).fit(
            table.rows(Array(order.prefix(4_000))), target: "type", task: .multiclass(classes: ["white", "red"]))
        let evaluation = try Evaluation.evaluate(model, on: table.rows(Array(order.dropFirst(4_000))), target: "type")
        #expect((evaluation.metrics["accuracy"] ?? 0) > 0.98)
        #expect((evaluation.metrics["log_loss"] ?? 1) < 0.1)
    }

    @Test func bikeSharingBeatsTheMean() throws {
        let table = try realTable("bike_sharing_hour")
        let split = TimeSplit.newest(0.2, of: table.rowCount)
        // `casual` and `registered` add up to the target; the date and the counter cannot be known ahead.
        let features = table.columnNames.filter {
            !["cnt", "casual", "registered", "instant", "dteday"].contains($0)
        }
        let model = try BoostedTreeLearner(parameters: BoostingParameters(rounds: 200)).fit(
            table.rows(split.train), target: "cnt", features: features, task: .regression)
        let evaluation = try Evaluation.evaluate(model, on: table.rows(split.holdout), target: "cnt")
        #expect((evaluation.metrics["r2"] ?? 0) > 0.85)
    }
}
