import Statistics
import Synchronization
import Testing
import TidewatchTestKit

@testable import Learning

@Suite struct FlatTreesTests {
    /// Numbers with missing cells, flags, and a category that is missing now and then.
    private func table(rows: Int, categories: Int, seed: UInt64) throws -> Table {
        var generator = SeededGenerator(seed: seed)
        let x = (0..<rows).map { _ in Double.random(in: -1...1, using: &generator) }
        let code = (0..<rows).map { _ in Int.random(in: 0..<categories, using: &generator) }
        let flag = (0..<rows).map { _ in Bool.random(using: &generator) }
        return try Table(columns: [
            TableColumn(name: "x", numbers: x.map { abs($0) < 0.1 ? .nan : $0 }),
            TableColumn(name: "code", texts: code.map { $0 % 7 == 5 ? nil : "c\($0)" }),
            TableColumn(name: "flag", booleans: flag.map { $0 }),
            TableColumn(
                name: "y", numbers: (0..<rows).map { 3 * x[$0] + Double(code[$0] % 3) + (flag[$0] ? x[$0] : 0) }),
            TableColumn(name: "two", texts: (0..<rows).map { x[$0] + Double(code[$0] % 3) > 1 ? "yes" : "no" }),
            TableColumn(name: "three", texts: code.map { ["low", "middle", "high"][$0 % 3] }),
        ])
    }

    /// The predictions of XGBoost itself.
    private func library(_ model: BoostedTreeModel, _ table: Table) throws -> [Float] {
        var counts = AlignmentCounts()
        let cells = FeatureEncoder(schema: model.schema).encode(table, rows: 0..<table.rowCount, counts: &counts)
        return try model.ensemble.booster.withLock { booster throws(LearningError) in
            try booster.predict(cells, rows: table.rowCount, columns: model.schema.features.count)
        }
    }

    @Test(arguments: BoostingParameters.Kind.allCases.filter { $0 != .dart })
    func predictsBitForBitAsXGBoost(_ kind: BoostingParameters.Kind) throws {
        var parameters = kind == .randomForest ? BoostingParameters.randomForest(trees: 15) : small(15, depth: 6)
        parameters.kind = kind
        if kind == .leafWise { (parameters.maximumDepth, parameters.maximumLeaves) = (0, 60) }
        let learned = try table(rows: 1_500, categories: 30, seed: 1)
        let fresh = try table(rows: 300, categories: 40, seed: 2)
        for (target, task) in [
            ("two", TreeFixtures.two), ("three", TreeFixtures.three), ("y", ModelTask.regression),
        ] {
            let model = try BoostedTreeLearner(parameters: parameters).fit(
                learned, target: target, features: ["x", "code", "flag"], task: task)
            #expect(model.ensemble.flat != nil)
            let found = try model.predict(fresh).outputs.map { Float($0) }
            let known = try library(model, fresh)
            #expect(found.map(\.bitPattern) == known.map(\.bitPattern), "\(target)")
        }
    }

    @Test func modelsOfPythonToo() throws {
        let table = try TreeFixtures.table()
        for model in [
            try TreeFixtures.binary(), try TreeFixtures.model("several", task: TreeFixtures.three, target: "three"),
        ] {
            #expect(model.ensemble.flat != nil)
            let found = try model.predict(table).outputs.map { Float($0) }
            let known = try library(model, table)
            #expect(found.map(\.bitPattern) == known.map(\.bitPattern))
        }
    }

    /// Many categories and weighted trees are left to XGBoost.
    @Test func theRestIsLeftToXGBoost() throws {
        let many = try table(rows: 800, categories: 120, seed: 3)
        var parameters = small(5)
        let wide = try BoostedTreeLearner(parameters: parameters).fit(
            many, target: "y", features: ["x", "code"], task: .regression)
        #expect(wide.ensemble.flat == nil)
        #expect(try wide.predict(many).values.map { Float($0) } == library(wide, many))
        parameters.kind = .dart
        let dart = try BoostedTreeLearner(parameters: parameters).fit(
            many, target: "y", features: ["x"], task: .regression)
        #expect(dart.ensemble.flat == nil)
    }

    /// The bytes are those that XGBoost has accepted; but whatever they are, reading them ends without a crash.
    @Test func damagedBytesAreRefusedOrRead() throws {
        let model = try TreeFixtures.binary()
        let bytes = model.boosterUBJ()
        let cells = [Float](repeating: 0.5, count: 4)
        var generator = SeededGenerator(seed: 4)
        var refused = 0
        for _ in 0..<400 {
            var damaged = bytes
            for _ in 0..<3 {
                damaged[Int.random(in: 0..<bytes.count, using: &generator)] ^= UInt8.random(
                    in: 1...255, using: &generator)
            }
            if let trees = FlatTrees(ubj: damaged, schema: model.schema) {
                _ = trees.predict(cells, rows: 1)
            } else {
                refused += 1
            }
        }
        #expect(refused > 50)
        #expect(FlatTrees(ubj: Array(bytes.prefix(bytes.count / 2)), schema: model.schema) == nil)
    }
}
