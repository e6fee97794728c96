import Foundation
import Statistics

@testable import Learning

/// The rows and models of Fixtures/trees, and what Python's libraries make of them.
enum TreeFixtures {
    static let features = ["a", "b", "c", "d"]
    static let two = ModelTask.binary(positive: "yes")
    static let three = ModelTask.multiclass(classes: ["low", "middle", "high"])

    private static func url(_ name: String) -> URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/trees/\(name)")
    }

    static func table(_ name: String = "rows") throws -> Table {
        try Table.read(path: url(name + ".csv").path)
    }

    static func values<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(contentsOf: url(name + ".json")))
    }

    /// A model that Python trained and saved.
    static func model(_ name: String, task: ModelTask, target: String) throws -> BoostedTreeModel {
        let schema = FeatureSchema(
            features: [
                .init(name: "a", kind: .numeric), .init(name: "b", kind: .numeric), .init(name: "c", kind: .numeric),
                .init(name: "d", kind: .categorical, categories: ["p", "q", "r", "s"]),
            ])
        let header = ModelHeader(
            schema: schema, task: task, target: target, negativeLabel: "no", parameters: BoostingParameters(),
            rows: 600, rowsWithoutTarget: 0)
        return try BoostedTreeModel(header: header, ubj: Array(Data(contentsOf: url(name + ".ubj"))))
    }

    static func binary() throws -> BoostedTreeModel { try model("binary", task: two, target: "two") }

    /// The largest difference; infinite where the counts differ.
    static func distance(_ found: some Sequence<Double>, _ expected: some Sequence<Double>) -> Double {
        let (found, expected) = (Array(found), Array(expected))
        guard found.count == expected.count else { return .infinity }
        return zip(found, expected).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }
}
