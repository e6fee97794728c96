import Foundation
import FoundationXML
import Statistics
import Testing

@testable import Learning

@Suite struct ExplanationPlotsTests {
    /// With TIDEWATCH_PLOTS=<folder>, the pictures are written there to be looked at.
    private func check(_ svg: String, name: String) throws -> XMLCount {
        let parser = XMLParser(data: Data(svg.utf8))
        let count = XMLCount()
        parser.delegate = count
        #expect(parser.parse(), "\(name)")
        #expect(!svg.contains("nan") && !svg.contains("inf\""))
        if let folder = ProcessInfo.processInfo.environment["TIDEWATCH_PLOTS"] {
            try Data(svg.utf8).write(to: URL(fileURLWithPath: folder).appendingPathComponent(name + ".svg"))
        }
        return count
    }

    @Test func picturesAreWellFormed() throws {
        let (table, model) = (try TreeFixtures.table().rows(0..<300), try TreeFixtures.binary())
        let found = try model.contributions(table)
        let summary = try check(ExplanationPlots.summary(found, of: table), name: "summary")
        #expect(summary.elements["circle"] == 4 * 300)
        let waterfall = try check(ExplanationPlots.waterfall(found, of: table, row: 1), name: "waterfall")
        #expect(waterfall.elements["rect"] == 1 + 4)
        let few = try check(ExplanationPlots.waterfall(found, of: table, row: 1, features: 2), name: "waterfall-few")
        #expect(few.elements["rect"] == 1 + 3)
        let number = try check(
            ExplanationPlots.dependence(found, of: table, feature: "b"), name: "dependence-number")
        #expect(number.elements["circle"] == 300)
        let category = try check(
            ExplanationPlots.dependence(found, of: table, feature: "d"), name: "dependence-category")
        #expect(category.elements["circle"] == 300)
        for feature in ["b", "d"] {
            let dependence = try PartialDependence.measure(model, on: table, feature: feature, points: 40)
            let picture = try check(ExplanationPlots.partialDependence(dependence), name: "partial-\(feature)")
            #expect(feature == "d" || picture.elements["polyline"] == 51)
        }
    }

    @Test func namesCannotBreakOut() throws {
        let name = "<script>alert(\"1\")</script> & 'more' \u{0}\u{1B}\u{FFFE}"
        let found = Attributions(
            scale: .prediction, features: [name, "y"], outputs: [name], base: [0], values: [1, -2, .nan, 4])
        let table = try Table(columns: [
            TableColumn(name: name, texts: ["</svg>", nil]), TableColumn(name: "y", numbers: [.infinity, .nan]),
        ])
        for (index, svg) in [
            ExplanationPlots.summary(found, of: table), ExplanationPlots.waterfall(found, of: table, row: 0),
            try ExplanationPlots.dependence(found, of: table, feature: name),
        ].enumerated() {
            let count = try check(svg, name: "names-\(index)")
            #expect(count.elements["script"] == nil)
        }
        #expect(
            learningError { _ = try ExplanationPlots.dependence(found, of: table, feature: "z") }?.code
                == .unknownColumn)
    }

    @Test func axesHaveRoundNumbers() {
        #expect(PlotAxis([0, 10]).ticks == [0, 2, 4, 6, 8, 10])
        #expect(PlotAxis([-0.3, 0.9]).ticks.count > 3)
        let constant = PlotAxis([5, 5])
        #expect(constant.low < 5 && constant.high > 5)
        #expect(PlotAxis([Double.nan]).ticks.first == 0)
        #expect(PlotAxis([-1e308, 1e308]).share(0) == 0.5)
    }
}

private final class XMLCount: NSObject, XMLParserDelegate {
    var elements: [String: Int] = [:]

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String] = [:]
    ) { elements[name, default: 0] += 1 }
}
