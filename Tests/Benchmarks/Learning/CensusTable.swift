import Foundation
import Learning
import Statistics
import TidewatchTestKit

/// Rows like those of the adult census: ten numbers, some whole, some mostly zero, some missing; six columns of 2 to 40
/// categories of unequal frequency; two classes, a quarter of them positive.
enum CensusTable {
    private static let sizes = [2, 5, 7, 9, 16, 40]

    static func make(rows: Int, seed: UInt64) throws -> Table {
        var generator = SeededGenerator(seed: seed)
        var score = [Double](repeating: -2.2, count: rows)
        var columns: [TableColumn] = []
        for number in 0..<10 {
            var values = (0..<rows).map { _ in Double.random(in: 0...1, using: &generator) }
            switch number % 3 {
            case 0: values = values.map { (17 + 70 * $0 * $0).rounded() }
            case 1: values = values.map { $0 < 0.9 ? 0 : ($0 * 50_000).rounded() }
            default: values = values.map { $0 < 0.05 ? .nan : log($0) }
            }
            let (low, high) = (values.filter { !$0.isNaN }.min() ?? 0, values.filter { !$0.isNaN }.max() ?? 1)
            for row in 0..<rows where !values[row].isNaN {
                let share = (values[row] - low) / (high - low)
                score[row] += number < 6 ? sin(3 * share) * Double(6 - number) / 4 : 0
            }
            columns.append(TableColumn(name: "number \(number)", numbers: values))
        }
        for (index, size) in sizes.enumerated() {
            let codes = (0..<rows).map { _ in
                let draw = Double.random(in: 0..<1, using: &generator)
                return min(size - 1, Int(Double(size) * draw * draw))
            }
            for row in 0..<rows { score[row] += Double((codes[row] * 7 + index) % 5 - 2) / 3 }
            let texts = codes.map { $0 == size - 1 && size > 10 ? nil : "value \($0)" }
            columns.append(TableColumn(name: "category \(index)", texts: texts))
        }
        let labels = score.map { Double.random(in: 0..<1, using: &generator) < 1 / (1 + exp(-$0)) ? "yes" : "no" }
        return try Table(columns: columns + [TableColumn(name: "class", texts: labels)])
    }

    static func labels(_ table: Table) -> [Float] {
        (0..<table.rowCount).map { table["class"]?.text(at: $0) == "yes" ? 1 : 0 }
    }

    /// Row by row, categories as the model's codes.
    static func cells(_ table: Table, schema: FeatureSchema) -> [Float] {
        let columns = schema.features.map { feature -> [Float] in
            guard let column = table[feature.name] else { return [] }
            guard feature.kind == .categorical else {
                return (0..<table.rowCount).map { Float(column.number(at: $0)) }
            }
            let codes = Dictionary(uniqueKeysWithValues: zip(feature.categories, 0...))
            return (0..<table.rowCount).map { row in
                column.text(at: row).flatMap { codes[$0] }.map { Float($0) } ?? .nan
            }
        }
        return (0..<table.rowCount).flatMap { row in columns.map { $0[row] } }
    }
}
