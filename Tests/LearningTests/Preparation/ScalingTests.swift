import Statistics
import Testing

@testable import Learning

@Suite struct ScalingTests {
    static let methods: [(String, Scaling.Method)] = [
        ("standard", .standard), ("minmax", .minMax(low: -1, high: 3)), ("robust", .robust(low: 0.25, high: 0.75)),
        ("quantile uniform", .quantile(quantiles: 25, output: .uniform)),
        ("quantile normal", .quantile(quantiles: 25, output: .normal)),
    ]

    private func table() throws -> Table {
        try PreparationFixture.shared.get().table(["amount": "amount with holes", "visits": "visits with holes"])
    }

    @Test(arguments: methods)
    func cellsAreThoseOfScikitLearn(name: String, method: Scaling.Method) throws {
        let fixture = try PreparationFixture.shared.get()
        let (fitted, training) = try Preparation(.scale(Scaling(method: method))).fit(table())
        for column in ["amount", "visits"] {
            let expected = try fixture.expectedNumbers("scale \(name) \(column)")
            expectClose(try training.numbers(column), expected, "\(name) \(column)")
        }
        #expect(try fitted.apply(table()).numbers("amount")[0] == training.numbers("amount")[0])
    }

    @Test(arguments: methods)
    func theInverseGivesTheCellsBack(name: String, method: Scaling.Method) throws {
        let source = try table()
        let (fitted, training) = try Preparation(.scale(Scaling(method: method))).fit(source)
        let back = try fitted.inverse(training).numbers("amount")
        let amounts = try source.numbers("amount")
        expectClose(back, amounts.map { $0.isNaN ? nil : $0 }, tolerance: 1e-6, name)
    }

    @Test(arguments: methods)
    func constantAndEmptyColumnsAreDefined(name: String, method: Scaling.Method) throws {
        let source = try Table(columns: [
            TableColumn(name: "constant", numbers: [7, 7, 7]), TableColumn(name: "empty", numbers: [.nan, .nan, .nan]),
            TableColumn(name: "large", numbers: [-1.7e308, 1.7e308, 0]),
            TableColumn(name: "wide", numbers: [-1e100, 1e100, 0]),
        ])
        let (fitted, training) = try Preparation(.scale(Scaling(method: method))).fit(source)
        #expect(try training.numbers("constant").allSatisfy(\.isFinite))
        #expect(try training.numbers("empty").allSatisfy(\.isNaN))
        #expect(try training.numbers("wide").allSatisfy(\.isFinite))
        // The empty column, and the two large cells, which count as missing.
        #expect(fitted.notes.count == 2)
        #expect(try training.numbers("large").map(\.isNaN) == [true, true, false])
        // What was fitted can be written even where the spread is as large as it can be.
        #expect(try FittedPreparation(serialized: fitted.serialized()) == fitted)
    }

    @Test(arguments: [RowNormalization.Norm.l1, .l2, .maximum])
    func rowsAreNormalisedAsScikitLearnDoes(norm: RowNormalization.Norm) throws {
        let fixture = try PreparationFixture.shared.get()
        let source = try fixture.table(["amount": "amount", "age": "age", "visits": "visits"])
        let (_, training) = try Preparation(.normalizeRows(RowNormalization(norm: norm))).fit(source)
        for name in ["amount", "age", "visits"] {
            expectClose(
                try training.numbers(name), try fixture.expectedNumbers("normalize \(norm.rawValue) \(name)"), name)
        }
    }

    @Test func aRowOfZerosStaysAndAMissingCellToo() throws {
        let source = try Table(columns: [
            TableColumn(name: "a", numbers: [0, 3, 3]), TableColumn(name: "b", numbers: [0, 4, .nan]),
        ])
        let (_, training) = try Preparation(.normalizeRows(RowNormalization())).fit(source)
        #expect(try training.numbers("a") == [0, 0.6, 1])
        #expect(try training.numbers("b").map { $0.isNaN ? -1 : $0 } == [0, 0.8, -1])
    }

    @Test func textsCannotBeScaled() throws {
        let source = try Table(columns: [TableColumn(name: "c", texts: ["x", "y"])])
        let error = learningError {
            _ = try Preparation(.scale(Scaling(columns: .names(["c"])))).fit(source)
        }
        #expect(error?.code == .invalidInput && error?.message.contains("\"c\"") == true)
    }
}
