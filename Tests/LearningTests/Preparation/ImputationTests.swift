import Statistics
import Testing

@testable import Learning

@Suite struct ImputationTests {
    private func table() throws -> Table {
        try PreparationFixture.shared.get().table([
            "amount": "amount with holes", "visits": "visits with holes", "country": "country with holes",
        ])
    }

    @Test(arguments: [
        ("mean", Imputation.Strategy.mean), ("median", .median), ("most_frequent", .mostFrequent),
    ])
    func cellsAreThoseOfScikitLearn(name: String, strategy: Imputation.Strategy) throws {
        let fixture = try PreparationFixture.shared.get()
        let (fitted, training) = try Preparation(.impute(Imputation(strategy: strategy))).fit(table())
        for column in ["amount", "visits"] {
            expectClose(try training.numbers(column), try fixture.expectedNumbers("impute \(name) \(column)"), column)
        }
        // A category has no mean: whatever the strategy, the most frequent one is taken.
        #expect(try training.texts("country") == fixture.expectedTexts("impute most_frequent country"))
        #expect(try fitted.apply(table()) == training)
    }

    @Test func interpolationAndForwardFillAreThoseOfPandas() throws {
        let fixture = try PreparationFixture.shared.get()
        let holed = try table().selecting(["amount"])
        let line = Imputation(columns: .names(["amount"]), strategy: .linearInterpolation(RowSequence()))
        expectClose(
            try Preparation(.impute(line)).fit(holed).training.numbers("amount"),
            try fixture.expectedNumbers("interpolate amount"), "interpolated")
        let both = try fixture.table(["amount": "amount with holes", "country": "country"])
        let fill = Imputation(columns: .names(["amount"]), strategy: .forwardFill(RowSequence(entity: "country")))
        let filled = try Preparation(.impute(fill)).fit(both).training.numbers("amount")
        let expected = try fixture.expectedNumbers("fill amount by country")
        var present = try both.numbers("amount").filter { !$0.isNaN }
        let median = try #require(OrderStatistics.median(&present))
        // pandas leaves the cells before an entity's first value missing; here they take the median.
        expectClose(filled, expected.map { $0 ?? median }, "filled")
    }

    @Test func forwardFillGoesOnFromTableToTable() throws {
        let all = try Table(columns: [
            TableColumn(name: "who", texts: ["a", "b", "a", "b", "c", "a"]),
            TableColumn(name: "x", numbers: [1, 2, .nan, .nan, .nan, .nan]),
            TableColumn(name: "color", texts: ["red", "blue", nil, nil, nil, nil]),
            TableColumn(name: "flag", booleans: [true, false, nil, nil, nil, nil]),
        ])
        let step = Imputation(
            columns: .names(["x", "color", "flag"]), strategy: .forwardFill(RowSequence(entity: "who")))
        let (fitted, whole) = try Preparation(.impute(step)).fit(all)
        #expect(try whole.numbers("x") == [1, 2, 1, 2, 1.5, 1])
        #expect(try whole.texts("color") == ["red", "blue", "red", "blue", "blue", "red"])
        #expect(try whole.texts("flag") == ["true", "false", "true", "false", "false", "true"])
        var state = PreparationState()
        for row in 0..<all.rowCount {
            let (one, _) = try fitted.apply(all.rows(row..<(row + 1)), state: &state)
            for name in ["x", "color", "flag"] { #expect(try one.texts(name)[0] == whole.texts(name)[row], "\(row)") }
        }
    }

    @Test func indicatorsMarkWhatWasMissing() throws {
        let source = try table()
        let (fitted, training) = try Preparation(
            .impute(Imputation(strategy: .constant(number: -1, category: "none"), addsIndicator: true))
        ).fit(source.rows(0..<60))
        #expect(training.columnNames.suffix(3) == ["amount__missing", "visits__missing", "country__missing"])
        let served = try fitted.apply(source)
        for name in ["amount", "visits", "country"] {
            let flags = try served.numbers(name + "__missing")
            let column = try #require(source[name])
            for row in 0..<source.rowCount { #expect((flags[row] == 1) == (column.text(at: row) == nil)) }
        }
        #expect(try served.numbers("amount").filter { $0 == -1 }.count == source["amount"]?.missingCount)
        #expect(try served.texts("country").contains("none"))
    }

    /// A column that is complete in training gets no indicator, whatever serving brings.
    @Test func onlyColumnsWithMissingTrainingCellsAreMarked() throws {
        let training = try Table(columns: [
            TableColumn(name: "full", numbers: [1, 2, 3]), TableColumn(name: "holed", numbers: [1, .nan, 3]),
        ])
        let (fitted, prepared) = try Preparation(.impute(Imputation(strategy: .mean, addsIndicator: true))).fit(
            training)
        #expect(prepared.columnNames == ["full", "holed", "holed__missing"])
        let served = try fitted.apply(Table(columns: [TableColumn(name: "full", numbers: [.nan])]))
        #expect(try served.numbers("full") == [2] && served.numbers("holed__missing") == [1])
    }

    @Test func aColumnWithoutAValueIsFilledAndNoted() throws {
        let training = try Table(columns: [
            TableColumn(name: "x", numbers: [.nan, .nan]), TableColumn(name: "c", texts: [nil, nil]),
            TableColumn(name: "b", booleans: [nil, nil]),
        ])
        for strategy in [Imputation.Strategy.mean, .median, .mostFrequent, .forwardFill(RowSequence())] {
            let (fitted, prepared) = try Preparation(.impute(Imputation(strategy: strategy))).fit(training)
            #expect(try prepared.numbers("x") == [0, 0] && prepared.texts("c") == ["missing", "missing"])
            #expect(try prepared.texts("b") == ["false", "false"])
            #expect(fitted.notes.count == 3)
        }
    }
}
