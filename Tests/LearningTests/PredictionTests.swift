import Learning
import Statistics
import Testing
import TidewatchTestKit

@Suite struct PredictionTests {
    /// Numbers, a category and a flag, all of which matter.
    private func mixed(rows: Int, seed: UInt64) throws -> Table {
        var generator = SeededGenerator(seed: seed)
        var (x, city, flag, y): ([Double], [String?], [Bool?], [Double]) = ([], [], [], [])
        for _ in 0..<rows {
            let number = Double.random(in: 0...1, using: &generator)
            let place = ["1", "2", "oslo", "rome"].randomElement(using: &generator)
            let isOn = Bool.random(using: &generator)
            x.append(number)
            city.append(place)
            flag.append(isOn)
            y.append(number + (place == "1" ? 5 : 0) + (place == "oslo" ? 9 : 0) + (isOn ? 2 : 0))
        }
        return try Table(columns: [
            TableColumn(name: "x", numbers: x), TableColumn(name: "city", texts: city),
            TableColumn(name: "flag", booleans: flag), TableColumn(name: "y", numbers: y),
        ])
    }

    private func fitted() throws -> BoostedTreeModel {
        try BoostedTreeLearner(parameters: small()).fit(
            mixed(rows: 2_000, seed: 1), target: "y", task: .regression)
    }

    private func table(_ columns: TableColumn...) throws -> Table { try Table(columns: columns) }

    @Test func columnsAreFoundByName() throws {
        let model = try fitted()
        let fresh = try mixed(rows: 500, seed: 2)
        let straight = try model.predict(fresh)
        let shuffled = try model.predict(fresh.selecting(["flag", "y", "city", "x"]))
        #expect(straight == shuffled)
        #expect(straight.alignment == AlignmentCounts())
    }

    @Test func rowsDoNotDependOnTheirNeighbours() throws {
        let model = try fitted()
        let fresh = try mixed(rows: 9_000, seed: 3)
        let all = try model.predict(fresh).values
        for row in stride(from: 0, to: 9_000, by: 501) {
            #expect(try model.predict(fresh.rows(row..<(row + 1))).values == [all[row]])
        }
        #expect(try model.predict(fresh.rows(0..<0)).values == [])
    }

    @Test func unknownsCountAsMissing() throws {
        let model = try fitted()
        let x = TableColumn(name: "x", numbers: [0.5])
        let flag = TableColumn(name: "flag", booleans: [true])
        let missing = try model.predict(table(x, TableColumn(name: "city", texts: [nil]), flag))
        let unseen = try model.predict(table(x, TableColumn(name: "city", texts: ["paris"]), flag))
        let absent = try model.predict(table(x, flag))
        #expect(unseen.values == missing.values)
        #expect(unseen.alignment.unseenCategories == 1)
        #expect(absent.values == missing.values)
        #expect(absent.alignment.absentColumns == 1)
    }

    @Test func otherKindsAreReadIfTheyCan() throws {
        let model = try fitted()
        let good = try model.predict(
            table(
                TableColumn(name: "x", numbers: [0.5]), TableColumn(name: "city", texts: ["1"]),
                TableColumn(name: "flag", booleans: [true])))
        let spelt = try model.predict(
            table(
                TableColumn(name: "x", texts: ["0.50"]), TableColumn(name: "city", numbers: [1]),
                TableColumn(name: "flag", texts: ["TRUE"])))
        #expect(spelt.values == good.values)
        #expect(spelt.alignment == AlignmentCounts())
        let wrong = try model.predict(
            table(
                TableColumn(name: "x", texts: ["half"]), TableColumn(name: "city", numbers: [77]),
                TableColumn(name: "flag", numbers: [3])))
        #expect(wrong.alignment.unreadable == 3)
        let none = try model.predict(table(TableColumn(name: "x", numbers: [.nan])))
        #expect(wrong.values == none.values)
    }

    @Test func rareCategoriesAreNotKept() throws {
        var parameters = small(5)
        parameters.maximumCategories = 2
        let model = try BoostedTreeLearner(parameters: parameters).fit(
            mixed(rows: 400, seed: 4), target: "y", task: .regression)
        #expect(model.schema.features[1].categories.count == 2)
        #expect(try model.predict(mixed(rows: 400, seed: 4)).alignment.unseenCategories > 100)
    }

    @Test func threadsTakeTurns() async throws {
        let model = try fitted()
        let fresh = try mixed(rows: 300, seed: 5)
        let expected = try model.predict(fresh).values
        let results = try await withThrowingTaskGroup(of: [Double].self) { group in
            for _ in 0..<8 { group.addTask { try model.predict(fresh).values } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.count == 8)
        #expect(results.allSatisfy { $0 == expected })
    }

    @Test func labelsFollowTheThreshold() {
        let predictions = Predictions(scores: [0.2, 0.5, 0.7, .nan], positive: "up", negativeLabel: "down")
        #expect(predictions.labels() == ["down", "up", "up", ""])
        #expect(predictions.labels(threshold: 0.6) == ["down", "down", "up", ""])
    }
}
