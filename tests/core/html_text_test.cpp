#include "core/base/html_text.hpp"

#include <catch2/catch.hpp>
#include <chrono>

using namespace earshot;

TEST_CASE("markup becomes the text a reader sees", "[core][html]") {
  struct Case {
    const char* html;
    const char* text;
  };
  const Case cases[] = {
      {"plain", "plain"},
      {"<p>one</p><p>two<br>three<br/>four</p>", "one\n\ntwo\nthree\nfour"},
      {"a<br><br>b<br><br><br>c", "a\n\nb\n\nc"},
      {"<ul><li>one</li><li>two</li></ul>after", "- one\n- two\n\nafter"},
      {"  many\n  spaces\t here ", "many spaces here"},
      {"a&nbsp;b &amp;amp; &lt;c&gt; &eacute;&#233;&#xE9; &hellip; &#8217; &#146;", "a b &amp; <c> ééé … ’ ’"},
      {"AT&T ?a=1&copy=2 &unknown; &", "AT&T ?a=1&copy=2 &unknown; &"},
      {"1 < 2 and 3 > 2 <3", "1 < 2 and 3 > 2 <3"},
      {"a<script>alert('<p>')</script>b<style>p{}</style>c", "abc"},
      {"a<!-- hidden <p> -->b<!doctype x>c<?php x ?>d", "abcd"},
      {"<div>x</div><div>y</div>", "x\ny"},
      {"<b>bold</b><i>it</i>", "boldit"},
      {"<pre>a\n  b</pre>", "a\n  b"},
      {"soft&shy;hyphen", "softhyphen"},
      {"<img class=\"wp-smiley\" alt=\":)\"> ok <img src=x alt=no>", ":) ok"},
      {"<a href=\"x>y\">t</a>", "t"},
      {"<a title='unclosed>t</a> rest", "t rest"},
      {"end <a href=\"cut", "end"},
      {"<td>a</td><td>b</td>", "a b"},
      {"<![CDATA[x]]>", "x]]>"},
  };
  for (const auto& [html, text] : cases) {
    CAPTURE(html);
    CHECK(html_to_text(html).text == text);
  }
}

TEST_CASE("Mastodon's hidden spans, mentions and hashtags read as written", "[core][html]") {
  const auto read = html_to_text(
      "<p>Hi <span class=\"h-card\"><a href=\"https://a.example/@bob\" class=\"u-url mention\">@<span>bob</span></a></span> see "
      "<a href=\"https://www.fernwave.example/support/a-long-page?x=1&amp;y=2\" rel=\"nofollow\"><span class=\"invisible\">https://www."
      "</span><span class=\"ellipsis\">fernwave.example/support/a-lo</span><span class=\"invisible\">ng-page?x=1&amp;y=2</span></a> "
      "<a href=\"https://a.example/tags/fernwave\" class=\"mention hashtag\" rel=\"tag\">#<span>Fernwave</span></a></p>");
  CHECK(read.text == "Hi @bob see https://www.fernwave.example/support/a-long-page?x=1&y=2 #Fernwave");
  CHECK(read.links == std::vector<std::string>{"https://www.fernwave.example/support/a-long-page?x=1&y=2"});
  CHECK(read.tags == std::vector<std::string>{"Fernwave"});
  CHECK(html_to_text("<p class=\"quote-inline\">RE: <a href=\"https://q.example/1\">q</a></p><p>mine</p>").text == "mine");
  CHECK(html_to_text("a <span class=\"invisible\">gone<span>too</span></span>b").text == "a b");
}

TEST_CASE("only web links are collected", "[core][html]") {
  const auto read = html_to_text("<a href=\"javascript:x\">a</a><a href='HTTPS://b.example/'>b</a><a href=http://c.example>c</a>");
  CHECK(read.links == std::vector<std::string>{"HTTPS://b.example/", "http://c.example"});
}

TEST_CASE("hostile markup costs linear time", "[core][html]") {
  const std::size_t count = 200'000;
  for (const auto* piece : {"<", "<a ", "<a href=\"", "<a href='", "<!--", "<!-", "&", "&#", "&amp", "<script", "<li>", "</p>", "<p ", "<pre>",
                            "<a x='", "<span class=invisible>", "<script></scrip>", "<![CDATA["}) {
    std::string html;
    while (html.size() < count) html += piece;
    const auto begin = std::chrono::steady_clock::now();
    const auto read = html_to_text(html);
    const auto spent = std::chrono::steady_clock::now() - begin;
    CAPTURE(piece);
    CHECK(spent < std::chrono::seconds(2));
    CHECK(read.text.size() <= html.size() * 3);
  }
}

TEST_CASE("invalid bytes come out as U+FFFD and controls vanish", "[core][html]") {
  CHECK(html_to_text("a\xFF" "b\x01" "c&#0;").text == "a\xEF\xBF\xBD" "bc\xEF\xBF\xBD");
}

TEST_CASE("escaping is undone by unescaping", "[core][html]") {
  const std::string text = "<a href=\"x\">Tom & 'Jerry'</a>";
  CHECK(unescape_html(escape_html(text)) == text);
  CHECK(looks_like_html("a <b>"));
  CHECK(looks_like_html("a &amp; b"));
  CHECK_FALSE(looks_like_html("a < b & c > d"));
}
