import Foundation

/// What other libraries say (Fixtures/search/generate.py).
struct SearchFixture: Decodable {
    struct TimeSeries: Decodable {
        struct Split: Decodable {
            var train: [Int]
            var test: [Int]
        }
        var rows: Int
        var folds: Int
        var gap: Int
        var splits: [Split]
    }
    struct Density: Decodable {
        var kind: String
        var values: [Double]
        var points: [Double]
        var logDensity: [Double]
    }
    struct DeLong: Decodable {
        struct Expected: Decodable {
            var first: Double
            var second: Double
            var error: Double
            var pValue: Double
        }
        var labels: [Bool]
        var first: [Double]
        var second: [Double]
        var expected: Expected
    }
    struct McNemar: Decodable {
        var first: [Bool]
        var second: [Bool]
        var pValue: Double
    }
    struct LeastSquares: Decodable {
        var outcomes: [Double]
        var members: [[Double]]
        var weights: [Double]
    }
    struct Mixture: Decodable {
        var outcomes: [Bool]
        var members: [[Double]]
        var weights: [Double]
    }
    struct Isotonic: Decodable {
        var scores: [Double]
        var labels: [Bool]
        var points: [Double]
        var expected: [Double]
    }

    var timeSeries: [TimeSeries]
    var densities: [Density]
    var delong: DeLong
    var mcnemar: [String: McNemar]
    var leastSquares: LeastSquares
    var mixture: Mixture
    var isotonic: Isotonic

    static func load() throws -> SearchFixture {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(
            Self.self, from: Data(contentsOf: folder.appendingPathComponent("Fixtures/search/search.json")))
    }
}
