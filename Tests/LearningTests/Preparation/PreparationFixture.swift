import Foundation
import Statistics
import Testing

@testable import Learning

/// The table of Fixtures/preparation and what scikit-learn and pandas made of it.
struct PreparationFixture: Decodable {
    struct Forest: Decodable {
        let x: [Double]
        let y: [Double]
        let mean: [Double]
        let deviation: [Double]
    }

    /// Answers of several shapes.
    enum Answer: Decodable {
        case numbers([Double?])
        case texts([String?])
        case rows([[Double?]])
        case named([String: [Double?]])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let numbers = try? container.decode([Double?].self) {
                self = .numbers(numbers)
            } else if let texts = try? container.decode([String?].self) {
                self = .texts(texts)
            } else if let rows = try? container.decode([[Double?]].self) {
                self = .rows(rows)
            } else {
                self = .named(try container.decode([String: [Double?]].self))
            }
        }
    }

    let numbers: [String: [Double?]]
    let texts: [String: [String?]]
    let stamps: [String]
    let forest: Forest
    let expected: [String: Answer]

    static let shared = Result {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Fixtures/preparation/preparation.json")
        return try JSONDecoder().decode(PreparationFixture.self, from: Data(contentsOf: path))
    }

    func column(_ name: String, from source: String? = nil) throws -> TableColumn {
        if let numbers = numbers[source ?? name] {
            return TableColumn(name: name, numbers: numbers.map { $0 ?? .nan })
        }
        return TableColumn(name: name, texts: try #require(texts[source ?? name]))
    }

    /// `name` or `name: source` for a column with another name.
    func table(_ columns: KeyValuePairs<String, String>) throws -> Table {
        try Table(columns: columns.map { try column($0.key, from: $0.value) })
    }

    func expectedNumbers(_ key: String) throws -> [Double?] {
        guard case .numbers(let numbers) = try #require(expected[key]) else { throw Missing(key: key) }
        return numbers
    }

    func expectedRows(_ key: String) throws -> [[Double?]] {
        guard case .rows(let rows) = try #require(expected[key]) else { throw Missing(key: key) }
        return rows
    }

    func expectedNamed(_ key: String) throws -> [String: [Double?]] {
        guard case .named(let named) = try #require(expected[key]) else { throw Missing(key: key) }
        return named
    }

    func expectedTexts(_ key: String) throws -> [String?] {
        guard case .texts(let texts) = try #require(expected[key]) else { throw Missing(key: key) }
        return texts
    }

    struct Missing: Error { let key: String }
}

let regressionProblem = LearningProblem(task: .regression, target: "outcome")

/// Missing where and only where it is expected, equal but for rounding elsewhere.
func expectClose(
    _ found: [Double], _ expected: [Double?], tolerance: Double = 1e-9, _ what: String,
    location: SourceLocation = #_sourceLocation
) {
    guard found.count == expected.count else {
        Issue.record("\(what): \(found.count) cells, not \(expected.count)", sourceLocation: location)
        return
    }
    for (row, (a, b)) in zip(found, expected).enumerated() {
        let isRight = b.map { abs(a - $0) <= tolerance * max(1, abs($0)) } ?? a.isNaN
        guard !isRight else { continue }
        Issue.record("\(what), row \(row): \(a), not \(b.map { "\($0)" } ?? "missing")", sourceLocation: location)
        return
    }
}

extension Table {
    func numbers(_ name: String) throws -> [Double] { try #require(self[name], "\(name)").numbers() }

    func texts(_ name: String) throws -> [String?] {
        let column = try #require(self[name], "\(name)")
        return (0..<rowCount).map { column.text(at: $0) }
    }
}

extension Preparation {
    init(_ steps: PreparationStep...) { self.init(steps: steps) }

    func fit(_ table: Table, _ problem: LearningProblem = regressionProblem) throws -> (
        fitted: FittedPreparation, training: Table
    ) {
        try fit(table, problem: problem, seed: 1)
    }
}
