import Learning
import Statistics
import Testing
import TidewatchTestKit

struct BoostedDomainClassifierTests {
    private func rows(_ stream: inout DriftStream, _ count: Int, correlation: Double = 0) -> MultivariateRows {
        var numbers = (0..<4).map { _ in stream.normals(count) }
        let rest = (1 - correlation * correlation).squareRoot()
        for row in 0..<count { numbers[1][row] = correlation * numbers[0][row] + rest * numbers[1][row] }
        let texts = stream.categories(count, weights: [4, 2, 1])
        let column = TableColumn(name: "kind", texts: texts)
        guard case .categorical(let codes, let names) = column.values else { return MultivariateRows(numbers: numbers) }
        return MultivariateRows(
            MultivariateRows(numbers: numbers).columns
                + [.init(name: "kind", cells: .categories(codes: codes, names: names))])
    }

    @Test func withoutDriftItKeepsItsLevel() throws {
        var stream = DriftStream(seed: 60)
        let results = try (0..<40).map { seed in
            try BoostedDomainClassifier.compare(
                reference: rows(&stream, 300), window: rows(&stream, 100), seed: UInt64(seed))
        }
        // Two of forty are expected.
        #expect(results.count { $0.pValue ?? 0 <= 0.05 } <= 7)
        let mean = results.reduce(0) { $0 + ($1.value ?? 0) } / 40
        #expect((mean - 0.5).magnitude < 0.03)
    }

    @Test func itFindsAChangeOfCorrelationAndNamesTheColumns() throws {
        var stream = DriftStream(seed: 61)
        let (reference, window) = (rows(&stream, 1_000, correlation: 0.7), rows(&stream, 500, correlation: -0.7))
        let found = try BoostedDomainClassifier.compare(reference: reference, window: window, seed: 1)
        #expect(found.pValue.map { $0 < 1e-6 } == true)
        #expect(found.value.map { $0 > 0.7 } == true)
        #expect(Set(found.columns.prefix(2).map(\.column)) == ["x0", "x1"])
        #expect(found == (try BoostedDomainClassifier.compare(reference: reference, window: window, seed: 1)))
    }

    @Test func hostileColumnsDoNoHarm() throws {
        var stream = DriftStream(seed: 62)
        func hostile(_ count: Int, _ value: Double) -> MultivariateRows {
            MultivariateRows(numbers: [
                stream.normals(count), Array(repeating: value, count: count), Array(repeating: .nan, count: count),
                (0..<count).map { $0 % 2 == 0 ? .infinity : -1e308 },
            ])
        }
        let found = try BoostedDomainClassifier.compare(
            reference: hostile(200, 1e308), window: hostile(200, 1e308), seed: 1)
        #expect(found.status == .ok)
        #expect(found.value.map { $0 < 0.65 } == true)
        let constant = MultivariateRows(numbers: [Array(repeating: 1, count: 100)])
        let same = try BoostedDomainClassifier.compare(reference: constant, window: constant, seed: 1)
        #expect(same.value == 0.5)
        let none = try BoostedDomainClassifier.compare(
            reference: MultivariateRows([]), window: MultivariateRows([]), seed: 1)
        #expect(none.status == .noData)
    }
}
