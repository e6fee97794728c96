import Foundation
import Learning
import Statistics
import Testing

/// Against scikit-learn: Fixtures/linear/generate.py.
@Suite struct LinearParityTests {
    struct Case: Codable, CustomTestStringConvertible, Sendable {
        let name: String
        let target: String
        let weighted: Bool
        let classWeights: String
        let scaled: Bool
        let parameters: LinearParameters
        let coefficients: [[Double]]
        let intercepts: [Double]

        var testDescription: String { name }
    }

    static let names = ["a", "b", "c", "flag", "noise", "constant"]
    static let cases: [Case] = {
        guard let data = try? Data(contentsOf: fixture("linear/coefficients.json")) else { return [] }
        return (try? JSONDecoder().decode([Case].self, from: data)) ?? []
    }()

    private func task(_ target: String) -> ModelTask {
        switch target {
        case "amount": .regression
        case "label": yes
        default: .multiclass(classes: ["p", "q", "r"])
        }
    }

    private func scaled(_ table: Table) throws -> Table {
        try Table(
            columns: table.columns.map { column in
                guard Self.names.contains(column.name) else { return column }
                let numbers = (0..<column.count).map { column.number(at: $0) }
                let mean = numbers.reduce(0, +) / Double(numbers.count)
                let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(numbers.count)
                return TableColumn(
                    name: column.name, numbers: numbers.map { ($0 - mean) / (variance > 0 ? variance.squareRoot() : 1) }
                )
            })
    }

    @Test func everyCaseIsThere() { #expect(Self.cases.count == 27) }

    @Test(arguments: cases)
    func coefficientsAreThoseOfScikitLearn(_ expected: Case) throws {
        var table = try Table.read(path: fixture("linear/rows.csv").path)
        if expected.scaled { table = try scaled(table) }
        let problem = LearningProblem(
            task: task(expected.target), target: expected.target, features: Self.names,
            weight: expected.weighted ? "weight" : nil,
            classWeights: expected.classWeights == "balanced" ? .balanced : .none)
        var parameters = expected.parameters
        parameters.tolerance = 1e-11
        let model = try LinearLearner(parameters: parameters).fitLinear(table, problem: problem)
        #expect(model.convergence.isConverged && model.convergence.iterations < 200, "\(model.convergence)")
        #expect(model.coefficients.count == expected.coefficients.count)
        for (own, other) in zip(model.coefficients.joined(), expected.coefficients.joined()) {
            #expect(abs(own - other) <= 1e-5 * max(1, abs(other)))
            // What an L1 penalty leaves out is exactly 0.
            if other == 0, expected.parameters.l1Ratio > 0 { #expect(own == 0) }
        }
        for (own, other) in zip(model.intercepts, expected.intercepts) {
            #expect(abs(own - other) <= 1e-5 * max(1, abs(other)), "intercept")
        }
    }
}
