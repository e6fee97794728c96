import Testing
import Windowing

@Suite struct PaneGeometryTests {
    private let geometry = PaneGeometry(windowMicroseconds: 40, slideMicroseconds: 10, originMicroseconds: 3)

    @Test(arguments: [(3, 0), (12, 0), (13, 1), (2, -1), (-7, -1), (-8, -2)] as [(Int64, Int64)])
    func findsThePaneOfAMoment(time: Int64, pane: Int64) {
        #expect(geometry.pane(at: time) == pane)
        #expect(geometry.start(of: pane) <= time)
        #expect(geometry.end(of: pane) > time)
    }

    @Test func aWindowIsTheSumOfItsPanes() {
        #expect(geometry.panesPerWindow == 4)
        #expect(geometry.windowStart(endingWith: 5) == geometry.start(of: 2))
    }

    @Test func nothingIsClosedBeforeTheFirstEvent() {
        #expect(geometry.closedBefore(watermark: .min) == .min)
        #expect(geometry.closedBefore(watermark: 13) == 1)
    }
}
