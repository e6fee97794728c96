import Learning
import Testing

@Suite struct TimeSplitTests {
    @Test func theNewestRowsAreHeldOut() {
        let split = TimeSplit.newest(0.25, of: 1_000)
        #expect(split.train == 0..<750)
        #expect(split.holdout == 750..<1_000)
    }

    @Test func neitherPartIsEmptyWhenItNeedNotBe() {
        #expect(TimeSplit.newest(0.01, of: 2).holdout == 1..<2)
        #expect(TimeSplit.newest(0.99, of: 2).train == 0..<1)
        #expect(TimeSplit.newest(0.5, of: 0).holdout.isEmpty)
        #expect(TimeSplit.newest(0, of: 10).holdout.isEmpty)
        #expect(TimeSplit.newest(1, of: 10).train.isEmpty)
    }

    @Test func rowsOfOneTimeKeepTheirOrder() {
        #expect(TimeSplit.order(byMicroseconds: [5, 1, 5, 3, 1]) == [1, 4, 3, 0, 2])
    }
}
