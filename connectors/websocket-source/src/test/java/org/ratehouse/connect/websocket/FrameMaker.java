package org.ratehouse.connect.websocket;

/** Makes a venue's text frames, right and wrong ones, as the choices say. */
interface FrameMaker {

  String make(Choices choices);
}
