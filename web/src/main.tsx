import "./styles/base.css";
import "./shell/shell.css";

import { render, type ComponentType } from "preact";

import { Speaking } from "./i18n";
import { Lost } from "./shell/Lost";
import { routeOf } from "./shell/routes";
import { chooseTheme } from "./shell/theme";

/** Each page is a chunk of its own: a board does not carry the officer's code. */
async function pageOf(path: string): Promise<ComponentType> {
  const route = routeOf(path);
  if (route.page === "board") {
    const { BoardPage } = await import("./board/BoardPage");
    return () => <BoardPage checkpoint={route.checkpoint} />;
  }
  if (route.page === "officer") {
    const { OfficerPage } = await import("./officer/OfficerPage");
    return () => <OfficerPage checkpoint={route.checkpoint} />;
  }
  if (route.page === "driver") {
    const { DriverPage } = await import("./driver/DriverPage");
    return () => <DriverPage token={route.token} />;
  }
  if (route.page === "pay") {
    const { PayPage } = await import("./pay/PayPage");
    return () => <PayPage token={route.token} />;
  }
  if (route.page === "landing") return (await import("./landing/LandingPage")).LandingPage;
  return () => <Lost />;
}

async function start(): Promise<void> {
  chooseTheme(routeOf(location.pathname).page === "board" ? "dark" : undefined);
  const Page = await pageOf(location.pathname);
  render(
    <Speaking>
      <Page />
    </Speaking>,
    document.getElementById("app")!,
  );
}

void start();
